import type { Member } from '../../src/index.js';
import { cutList } from '../cli/list-cut.js';

/** The names of servers for a plan, cut when there are many. */
export function serversLine(servers: readonly Member[], verbose: boolean): string {
  const { shown, left } = cutList(
    servers.map((server) => server.name),
    verbose,
  );
  return `${shown.join(', ')}${left === 0 ? '' : ` and ${left} more (--verbose shows all)`}`;
}
