import { defineCommand } from '../cli/command.js';
import { ACTIVE_REMINT } from '../ssl/given.js';
import { authorityJson } from './authority-json.js';
import { renderAuthorities } from './authority-view.js';

/** `zmint ca list`: every generation of the CA. */
export const caList = defineCommand({
  name: 'ca list',
  summary: 'list every generation of the certificate authority',
  description:
    'Lists the generations that the CA of this zone ever had: future (minted, not in use), active, retiring (replaced, still trusted), retired, cancelled.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [{ line: 'zmint ca list', shows: 'old and new CA', given: ACTIVE_REMINT }],
  async run(session) {
    const { listAuthorities } = await import('../../src/index.js');
    const rows = await listAuthorities(await session.open(), session.now);
    const { now, offsetAt, terminal } = session;
    return {
      json: () => ({ authorities: rows.map((row) => authorityJson(row, now)) }),
      text: () => renderAuthorities(rows, { surface: terminal, offsetAt, now }),
    };
  },
});
