import type { Member } from '../../src/index.js';
import { cutLong } from '../cli/list-cut.js';

/** The names of servers for a plan, cut when there are many. */
export function serversLine(
  servers: { readonly total: number; readonly shown: readonly Member[] },
  verbose: boolean,
): string {
  const { shown, left } = cutLong(servers, verbose);
  const names = shown.map((server) => server.name).join(', ');
  return `${names}${left === 0 ? '' : ` and ${left} more (--verbose shows up to a thousand)`}`;
}

/** The ids of servers in a plan; null when there are too many to name. */
export function idsOf(servers: {
  readonly total: number;
  readonly shown: readonly Member[];
}): ReadonlySet<string> | null {
  const { total, shown } = servers;
  return shown.length < total ? null : new Set(shown.map((server) => server.id));
}
