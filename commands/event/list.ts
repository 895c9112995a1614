import { defineCommand } from '../cli/command.js';
import { pastMoment, wholeNumber } from '../cli/parsers.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { eventJson, renderEvents } from './event-view.js';

const DEFAULT_LIMIT = 20;

/** `zmint event list`: the audit log. */
export const eventList = defineCommand({
  name: 'event list',
  summary: 'show the audit log',
  description:
    'Shows what was done in this zone, by whom and when, the newest last: the 20 newest events, or as many as --limit says, or all since an instant. Every change of the zone and its event are one transaction.',
  arguments: {},
  options: {
    limit: {
      kind: 'value',
      flag: '--limit',
      value: 'N',
      summary: 'at most so many, the newest ones; 20, with --since all',
      parse: wholeNumber(1, 10_000_000),
    },
    since: {
      kind: 'value',
      flag: '--since',
      value: 'WHEN',
      summary: 'only since then: 2027-03-01T22:00, or 36h for the last 36 hours',
      parse: pastMoment,
    },
  },
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [
    { line: 'zmint event list', shows: 'the newest events', given: SMALL_ZONE },
    {
      line: 'zmint event list --since 24h --json',
      shows: 'today, for a script',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { listEvents } = await import('../../src/index.js');
    const limit = input.limit ?? (input.since === undefined ? DEFAULT_LIMIT : null);
    const events = await listEvents(await session.glance(), { limit, since: input.since ?? null });
    return {
      json: () => ({ events: events.map(eventJson) }),
      text: () => renderEvents(events, session.terminal, session.offsetAt),
    };
  },
});
