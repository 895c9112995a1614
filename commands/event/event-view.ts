import {
  renderInstant,
  type AuditEvent,
  type EventVerdict,
  type OffsetAt,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { localMinute } from '../cli/moments.js';
import { renderTable, type Surface } from '../cli/table.js';

/** Events in a line each, the newest last. */
export function renderEvents(
  events: readonly AuditEvent[],
  surface: Surface,
  offsetAt: OffsetAt,
): string {
  if (events.length === 0) return 'No event is like that.\n';
  return renderTable(
    [
      { title: 'Event', align: 'right', whole: true },
      { title: 'When', whole: true },
      { title: 'Who' },
      { title: 'What', whole: true },
      { title: 'Operation', whole: true },
      { title: 'Details' },
    ],
    events.map((event) => [
      String(event.sequence),
      localMinute(event.at, offsetAt),
      event.actor,
      event.what,
      event.operationId ?? '',
      detailWords(event.details),
    ]),
    surface,
  );
}

/** Events for machines. */
export function eventJson(event: AuditEvent): JsonDocument {
  return { ...event, at: renderInstant(event.at) };
}

/** What became of following the chain. */
export function renderVerdict({ head, broken }: EventVerdict): string {
  if (broken === undefined) {
    return `The audit log holds: ${head.sequence} events.\nhead ${head.hash}\n`;
  }
  return `The audit log breaks at event ${broken.sequence}: ${FAULT_WORDS[broken.fault]}.\nThe ${head.sequence} events before it hold; nothing from there on can be relied on.\n`;
}

/** The same for machines. */
export function verdictJson({ head, broken }: EventVerdict): JsonDocument {
  return {
    holds: broken === undefined,
    events: head.sequence,
    head: head.hash,
    broken: broken ?? null,
  };
}

const FAULT_WORDS = {
  gap: 'it is missing',
  unlinked: 'it does not follow the event before it',
  altered: 'it is not what was written',
} as const;

/** The values of the details one after the other; lists and objects as JSON. */
function detailWords(details: AuditEvent['details']): string {
  return Object.entries(details)
    .map(([key, value]) => `${key} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(', ');
}
