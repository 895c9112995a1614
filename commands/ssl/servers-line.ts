import type { Member } from '../../src/index.js';
import { cutLong, moreOf } from '../cli/list-cut.js';

/** The names of servers for a plan, cut when there are many. */
export function serversLine(
  servers: { readonly total: number; readonly shown: readonly Member[] },
  verbose: boolean,
): string {
  const { shown, left } = cutLong(servers, verbose);
  const names = shown.map((server) => server.name).join(', ');
  return left === 0 ? names : `${names} and ${moreOf(left)}`;
}

/** The ids of servers in a plan; null when there are too many to name. */
export function idsOf(servers: {
  readonly total: number;
  readonly shown: readonly Member[];
}): ReadonlySet<string> | null {
  const { total, shown } = servers;
  return shown.length < total ? null : new Set(shown.map((server) => server.id));
}
