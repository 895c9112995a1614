import { defineCommand } from '../cli/command.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { serverJson } from './list-json.js';
import { renderServers } from './list-view.js';

/** `zmint server list`. */
export const serverList = defineCommand({
  name: 'server list',
  summary: 'list the servers of the zone',
  description:
    'Lists the Primary Servers and satellites by path, with DNS name, roles, certificate status, probe address and version.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [{ line: 'zmint server list', shows: 'every server', given: SMALL_ZONE }],
  async run(session) {
    const { listServers } = await import('../../src/index.js');
    const { now, terminal } = session;
    const ctx = await session.glance();
    return {
      list: 'servers',
      async *rows() {
        for await (const batch of listServers(ctx, { now, depth: 'all' }))
          yield batch.map((row) => serverJson(row, now));
      },
      pieces: () => renderServers(listServers(ctx, { now, depth: 'current' }), terminal),
    };
  },
});
