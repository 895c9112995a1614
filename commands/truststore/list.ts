import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { anchorRowJson } from './anchor-json.js';
import { PARTNER_TRUSTED } from './given.js';
import { renderAnchors } from './list-view.js';

/** `zmint truststore list`: what the zone or one member trusts. */
export const truststoreList = defineCommand({
  name: 'truststore list',
  summary: 'list the trusted roots',
  description:
    'Lists the roots that the zone trusts, in the order of truststore/cacerts.pem: those of its own CA (source zone) and those that were added (source external). The column Members says how many members have a root in the bundle that they use now; the others get it with their next set.\nWith MEMBER it lists what that server or device has in its bundle.',
  arguments: {
    member: { kind: 'optional', value: 'MEMBER', summary: 'a server or device', parse: text },
  },
  options: {},
  changes: false,
  statuses: [
    'no-zone',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
  ],
  examples: [
    { line: 'zmint truststore list', shows: 'every trusted root', given: PARTNER_TRUSTED },
    { line: 'zmint truststore list web1', shows: 'the bundle of a server', given: PARTNER_TRUSTED },
  ],
  async run(session, input) {
    const { listAnchors } = await import('../../src/index.js');
    const rows = await listAnchors(await session.open(), input.member, session.now);
    return {
      json: () => ({ roots: rows.map(anchorRowJson) }),
      text: () => renderAnchors(rows, session.terminal, session.offsetAt),
    };
  },
});
