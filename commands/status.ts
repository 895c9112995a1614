import { defineCommand } from './cli/command.js';
import { SMALL_ZONE, WAITING_REMINT } from './ssl/given.js';
import { statusJson } from './status-json.js';
import { renderStatus } from './status-view.js';

/** `zmint status`: the zone at a glance. */
export const status = defineCommand({
  name: 'status',
  summary: 'show the zone at a glance, and what to type next',
  description:
    'Shows the CA and how long it lives, the servers by the state of their certificates, every operation that runs with its phase, its instant and who it waits for, the operation that ended last, and the one next thing to type.\nIt reads the database and the live links of some members; it opens no key, no certificate and no connection, so that scripts may call it every minute. "zmint doctor" looks closer, "zmint ssl verify" looks from outside.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [
    { line: 'zmint status', shows: 'a zone at rest', given: SMALL_ZONE },
    { line: 'zmint status --json', shows: 'the same for a script', given: WAITING_REMINT },
  ],
  expiryWarning: 'always',
  async run(session) {
    const { readStatus } = await import('../src/index.js');
    const zone = await readStatus(
      await session.glance(),
      session.now,
      session.options.json ? 'named' : 'counted',
    );
    return {
      json: () => statusJson(zone),
      text: () =>
        renderStatus(zone, {
          surface: session.terminal,
          verbose: session.options.verbose,
          offsetAt: session.offsetAt,
        }),
    };
  },
});
