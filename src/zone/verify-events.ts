import { encodeUtf8 } from '../encoding/utf8.js';
import { hashInput, type AuditEvent } from './audit-event.js';

/** Where a hash chain of events stands: the sequence and the hash of its newest event. */
export interface EventHead {
  readonly sequence: number;
  /** 64 lower-case hexadecimal digits. */
  readonly hash: string;
}

/** The head of an audit log without events. */
export const EMPTY_LOG: EventHead = { sequence: 0, hash: '0'.repeat(64) };

/**
 * What is wrong where a chain breaks. `gap`: the event that must follow is not there.
 * `unlinked`: it names another event before it. `altered`: its hash does not fit what it says.
 */
export type EventFault = 'gap' | 'unlinked' | 'altered';

export interface EventBreak {
  /** The sequence at which the chain should have gone on. */
  readonly sequence: number;
  readonly fault: EventFault;
}

export interface EventVerdict {
  /** The last event that the chain holds up to; the next page is verified from here. */
  readonly head: EventHead;
  /** The first break; undefined when every event fits. */
  readonly broken: EventBreak | undefined;
}

/**
 * Follows the hash chain through events in their order, from the head of what was verified before,
 * and stops at the first break. `sha256` gives lower-case hexadecimal, as `Digest.sha256` does.
 */
export function verifyEvents(
  events: Iterable<AuditEvent>,
  sha256: (data: Uint8Array) => string,
  from: EventHead = EMPTY_LOG,
): EventVerdict {
  let head = from;
  for (const event of events) {
    const fault = findFault(event, head, sha256);
    if (fault !== undefined) return { head, broken: { sequence: head.sequence + 1, fault } };
    head = { sequence: event.sequence, hash: event.hash };
  }
  return { head, broken: undefined };
}

function findFault(
  event: AuditEvent,
  head: EventHead,
  sha256: (data: Uint8Array) => string,
): EventFault | undefined {
  if (event.sequence !== head.sequence + 1) return 'gap';
  if (event.previousHash !== head.hash) return 'unlinked';
  return sha256(encodeUtf8(hashInput(event))) === event.hash ? undefined : 'altered';
}
