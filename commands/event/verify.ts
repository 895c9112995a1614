import { defineCommand } from '../cli/command.js';
import { exitStatus } from '../cli/exit-status.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { renderVerdict, verdictJson } from './event-view.js';

/** `zmint event verify`: follow the hash chain of the audit log. */
export const eventVerify = defineCommand({
  name: 'event verify',
  summary: 'check that the audit log is what was written',
  description:
    'Follows the hash chain of the audit log from the first event to the last and tells the first break: an event that is missing, that does not follow the one before it, or that was altered. The head is the hash of the newest event; kept elsewhere, it also shows whether events were cut off at the end.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [{ line: 'zmint event verify', shows: 'a log that holds', given: SMALL_ZONE }],
  async run(session) {
    const { verifyEventLog } = await import('../../src/index.js');
    const verdict = await verifyEventLog(await session.open());
    return {
      json: () => verdictJson(verdict),
      text: () => renderVerdict(verdict),
      status: verdict.broken === undefined ? 0 : exitStatus('damaged'),
    };
  },
});
