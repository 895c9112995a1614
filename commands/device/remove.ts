import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { removeMember } from '../server/remove-member.js';

/** `zmint device remove`: a device leaves the zone. */
export const deviceRemove = defineCommand({
  name: 'device remove',
  summary: 'remove a device from the zone',
  description:
    'Takes a device out of the zone: no operation waits for it any more, and no new trust is brought to it. Its files stay where they are.',
  arguments: {
    device: { kind: 'required', value: 'DEVICE', summary: 'the device', parse: text },
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
    'storage',
  ],
  examples: [
    {
      line: 'zmint device remove phone1 --yes',
      shows: 'a device that was lost',
      given: [
        'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
        'zmint device add phone1 --kind mobile --yes',
      ],
    },
  ],
  run: (session, input) => removeMember(session, 'device', input.device),
});
