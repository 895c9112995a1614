import { createHash } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { hashInput, type AuditEvent } from '../../src/zone/audit-event.js';
import { EMPTY_LOG, verifyEvents } from '../../src/zone/verify-events.js';

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

function chain(length: number): readonly AuditEvent[] {
  const events: AuditEvent[] = [];
  for (let sequence = 1; sequence <= length; sequence += 1) {
    const event = {
      sequence,
      at: 1_795_238_779 + sequence,
      actor: 'root',
      what: 'tested',
      operationId: sequence % 2 === 0 ? 'op-1' : null,
      details: { name: `ü${sequence}`, list: [sequence, null] },
      previousHash: events.at(-1)?.hash ?? '0'.repeat(64),
    };
    events.push({ ...event, hash: sha256(Buffer.from(hashInput(event))) });
  }
  return events;
}

const EVENTS = chain(5);

/** The chain with something done to its third event. */
function withThird(change: (event: AuditEvent) => Partial<AuditEvent>): readonly AuditEvent[] {
  return EVENTS.map((event) => (event.sequence === 3 ? { ...event, ...change(event) } : event));
}

/** As somebody who knows how hashes are made would alter it. */
function rehashed(event: AuditEvent, change: Partial<AuditEvent>): AuditEvent {
  const altered = { ...event, ...change };
  return { ...altered, hash: sha256(Buffer.from(hashInput(altered))) };
}

describe('verifyEvents', () => {
  test('finds nothing in an empty log and in a whole chain', () => {
    expect(verifyEvents([], sha256)).toEqual({ head: EMPTY_LOG, broken: undefined });
    expect(verifyEvents(EVENTS, sha256)).toEqual({
      head: { sequence: 5, hash: EVENTS[4]?.hash },
      broken: undefined,
    });
  });

  test('goes on page by page', () => {
    const { head } = verifyEvents(EVENTS.slice(0, 2), sha256);
    expect(verifyEvents(EVENTS.slice(2), sha256, head).broken).toBeUndefined();
    expect(verifyEvents(EVENTS.slice(3), sha256, head).broken).toEqual({
      sequence: 3,
      fault: 'gap',
    });
  });

  test.each([
    ['an altered instant', withThird((event) => ({ at: event.at + 1 })), 3, 'altered'],
    ['an altered actor', withThird(() => ({ actor: 'anna' })), 3, 'altered'],
    ['an altered deed', withThird(() => ({ what: 'nothing' })), 3, 'altered'],
    ['an altered operation', withThird(() => ({ operationId: 'op-2' })), 3, 'altered'],
    ['altered details', withThird(() => ({ details: {} })), 3, 'altered'],
    ['an altered hash', withThird(() => ({ hash: 'ab'.repeat(32) })), 3, 'altered'],
    ['an altered link', withThird(() => ({ previousHash: 'ab'.repeat(32) })), 3, 'unlinked'],
    [
      'content with a new hash, at the event after it',
      withThird((event) => rehashed(event, { actor: 'anna' })),
      4,
      'unlinked',
    ],
    ['a missing event', EVENTS.filter((event) => event.sequence !== 3), 3, 'gap'],
    ['a missing first event', EVENTS.slice(1), 1, 'gap'],
    ['an event that comes twice', [...EVENTS.slice(0, 3), ...EVENTS.slice(2)], 4, 'gap'],
  ])('finds %s', (_, events, sequence, fault) => {
    expect(verifyEvents(events, sha256).broken).toEqual({ sequence, fault });
  });
});
