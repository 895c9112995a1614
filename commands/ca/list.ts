import { defineCommand, type Outcome } from '../cli/command.js';
import type { Session } from '../cli/session.js';
import { ACTIVE_REMINT } from '../ssl/given.js';
import { authorityJson } from './authority-json.js';
import { renderAuthorities } from './authority-view.js';
import { issuedJson, renderIssued } from './issue-view.js';

/** `zmint ca list`: every generation of the CA. */
export const caList = defineCommand({
  name: 'ca list',
  summary: 'list every generation of the certificate authority',
  description:
    'Lists the generations that the CA of this zone ever had: future (minted, not in use), active, retiring (replaced, still trusted), retired, cancelled.',
  arguments: {},
  options: {
    issued: {
      kind: 'flag',
      flag: '--issued',
      summary: 'instead, what was issued to people, services, agents and subordinate CAs',
    },
  },
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [
    { line: 'zmint ca list', shows: 'old and new CA', given: ACTIVE_REMINT },
    {
      line: 'zmint ca list --issued',
      shows: 'certificates that belong to no member',
      given: [...ACTIVE_REMINT, 'zmint ca issue --name agent --out . --yes'],
    },
  ],
  async run(session, input) {
    if (input.issued) return issuedOutcome(session);
    const { listAuthorities } = await import('../../src/index.js');
    const rows = await listAuthorities(await session.glance(), session.now);
    const { now, offsetAt, terminal } = session;
    return {
      json: () => ({ authorities: rows.map((row) => authorityJson(row, now)) }),
      text: () => renderAuthorities(rows, { surface: terminal, offsetAt, now }),
    };
  },
});

async function issuedOutcome(session: Session): Promise<Outcome> {
  const { listIssued } = await import('../../src/index.js');
  const rows = await listIssued(await session.open(), session.now);
  const { terminal, offsetAt } = session;
  return {
    json: () => ({ certificates: rows.map(issuedJson) }),
    text: () => renderIssued(rows, { surface: terminal, offsetAt }),
  };
}
