import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { removeMember } from './remove-member.js';

/** `zmint server remove`: a server leaves the zone. */
export const serverRemove = defineCommand({
  name: 'server remove',
  summary: 'remove a server from the zone',
  description:
    'Takes a server out of the zone. Its certificates count as retired, its files stay where they are. The server with the CA role, or with a key of the CA that may still be needed, cannot be removed, nor one that a running operation waits for.',
  arguments: {
    server: { kind: 'required', value: 'SERVER', summary: 'the server', parse: text },
  },
  options: {},
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'damaged',
    'policy',
    'storage',
  ],
  examples: [
    { line: 'zmint server remove web1 --yes', shows: 'a server that is gone', given: SMALL_ZONE },
  ],
  run: (session, input) => removeMember(session, 'server', input.server),
});
