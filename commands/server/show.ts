import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { serverPageJson } from './list-json.js';
import { renderServer } from './list-view.js';

/** `zmint server show SERVER`. */
export const serverShow = defineCommand({
  name: 'server show',
  summary: 'show what the zone knows about a server',
  description:
    'Shows a server: path, kind, roles, names and addresses, its folder, the reload command, the probe address, its certificate status and its part in an operation that runs. "zmint ssl show" shows the certificate itself.',
  arguments: {
    server: { kind: 'required', value: 'SERVER', summary: 'the server', parse: text },
  },
  options: {},
  changes: false,
  statuses: ['no-zone', 'unknown-member', 'ambiguous-member', 'unsafe-path', 'damaged'],
  examples: [{ line: 'zmint server show web1', shows: 'one server', given: SMALL_ZONE }],
  async run(session, input) {
    const { showServer } = await import('../../src/index.js');
    const row = await showServer(await session.open(), input.server, session.now);
    return {
      json: () => serverPageJson(row, session.now),
      text: () => renderServer(row, session.terminal, session.offsetAt),
    };
  },
});
