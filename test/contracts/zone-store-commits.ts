import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ZoneStore } from '../../src/ports/zone-store.js';
import type { Change } from '../../src/zone/change.js';
import { verifyEvents } from '../../src/zone/verify-events.js';
import {
  ANCHOR,
  AUTHORITY,
  certificate,
  entry,
  member,
  memberSet,
  operation,
  part,
  reservation,
  WHOLE_ZONE,
  ZONE,
} from '../support/zone-rows.js';
import { readAll, type ZoneStoreSubject } from '../support/zone-store-subject.js';

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

/** What a store refuses, undoes and records. */
export function zoneStoreCommits(make: () => Promise<ZoneStoreSubject>): void {
  let store: ZoneStore;
  const commit = (...changes: readonly Change[]): Promise<void> => store.commit(entry(), changes);

  beforeEach(async () => {
    ({ store } = await make());
  });

  afterEach(() => {
    store.close();
  });

  describe('members', () => {
    test('are removed, and that is harmless when repeated', async () => {
      await commit({ type: 'put-members', members: [member(1), member(2)] });
      await commit({ type: 'put-sets', sets: [memberSet(1)] });
      await commit({ type: 'remove-member', memberId: 'member-1' });
      await commit({ type: 'remove-member', memberId: 'member-1' });
      expect(await store.members()).toEqual([member(2)]);
      expect(await store.sets('member-1')).toEqual([memberSet(1)]);
    });
  });

  describe('serial numbers (I-7)', () => {
    const take = (...serials: readonly string[]): Promise<void> =>
      commit({ type: 'reserve-serials', serials: serials.map((one) => reservation(one)) });

    test.each([
      ['in an earlier commit', ['01'], ['02', '01']],
      ['in the same commit', [], ['02', '02']],
    ])('are refused when they were taken %s', async (_, before, taken) => {
      await take(...before);
      const events = await store.events(0, 100);
      await expect(take(...taken)).rejects.toMatchObject({
        code: 'policy',
        message: expect.stringMatching(/^serial number 0[12] was taken already$/u),
      });
      expect(await store.events(0, 100)).toEqual(events);
      await take('02');
    });

    test('may be the same for different issuers', async () => {
      await take('01');
      const other = reservation('01', { issuerSpkiSha256: '12'.repeat(32) });
      await commit({ type: 'reserve-serials', serials: [other] });
      await expect(commit({ type: 'reserve-serials', serials: [other] })).rejects.toMatchObject({
        code: 'policy',
      });
    });
  });

  describe('a commit', () => {
    test('that fails leaves nothing, not even its event (I-25)', async () => {
      await commit(...WHOLE_ZONE);
      const before = await readAll(store);
      const half: readonly Change[] = [
        { type: 'put-zone', zone: { ...ZONE, name: 'half' } },
        { type: 'put-members', members: [member(7)] },
        { type: 'remove-member', memberId: 'member-1' },
        { type: 'put-authority', authority: { ...AUTHORITY, state: 'retired' } },
        { type: 'add-certificates', certificates: [certificate(7)] },
        {
          type: 'set-certificate-state',
          fingerprints: [certificate(1).record.fingerprint],
          state: 'revoked',
        },
        { type: 'put-sets', sets: [memberSet(7)] },
        { type: 'put-operation', operation: operation(7) },
        { type: 'put-operation-members', members: [part(7)] },
        { type: 'remove-anchor', alias: ANCHOR.alias },
        { type: 'reserve-serials', serials: [reservation('77'), reservation('11')] },
      ];
      await expect(store.commit(entry('half'), half)).rejects.toMatchObject({ code: 'policy' });
      expect(await readAll(store)).toEqual(before);
      await commit({ type: 'reserve-serials', serials: [reservation('77')] });
      expect(await store.lastEvents(1)).toMatchObject([{ sequence: 2 }]);
      expect(await store.damage()).toEqual([]);
    });

    test('without changes records its event', async () => {
      await commit();
      expect(await store.events(0, 10)).toMatchObject([{ sequence: 1, what: 'tested' }]);
    });

    test.each([
      ['a second zone', { type: 'put-zone', zone: { ...ZONE, id: 'other' } }, 'zone-exists'],
      [
        'a name that another member has',
        { type: 'put-members', members: [member(9, { name: 'web1' })] },
        'member-exists',
      ],
      [
        'a path that another member has',
        { type: 'put-members', members: [member(9, { path: member(1).path })] },
        'member-exists',
      ],
      [
        'bytes that do not have the fingerprint',
        {
          type: 'add-certificates',
          certificates: [{ record: certificate(8).record, der: certificate(9).der }],
        },
        'bug',
      ],
      [
        'text that is not Unicode',
        { type: 'put-members', members: [member(9, { reload: 'half \ud83d' })] },
        'policy',
      ],
    ] satisfies readonly (readonly [string, Change, string])[])(
      'refuses %s',
      async (_, change, code) => {
        await commit(...WHOLE_ZONE);
        const before = await readAll(store);
        await expect(commit(change)).rejects.toMatchObject({ code });
        expect(await readAll(store)).toEqual(before);
      },
    );
  });

  describe('events', () => {
    test('are chained without a gap', async () => {
      await store.commit(entry('first', { b: [1, { z: null, a: 'ü' }], a: undefined }), []);
      await store.commit({ ...entry('second'), operationId: 'op-1', actor: 'anna' }, []);
      const events = await store.events(0, 10);
      expect(events.map((event) => event.sequence)).toEqual([1, 2]);
      expect(events[0]).toMatchObject({
        ...entry('first', { b: [1, { z: null, a: 'ü' }] }),
        previousHash: '0'.repeat(64),
      });
      expect(events[1]).toMatchObject({ actor: 'anna', operationId: 'op-1' });
      expect(events[1]?.previousHash).toBe(events[0]?.hash);
      expect(verifyEvents(events, sha256)).toEqual({
        head: { sequence: 2, hash: events[1]?.hash },
        broken: undefined,
      });
    });

    test('come in pages and from the end', async () => {
      for (let number = 1; number <= 5; number += 1) await store.commit(entry(`e${number}`), []);
      const what = (events: readonly { readonly what: string }[]): readonly string[] =>
        events.map((event) => event.what);
      expect(what(await store.events(0, 2))).toEqual(['e1', 'e2']);
      expect(what(await store.events(2, 2))).toEqual(['e3', 'e4']);
      expect(what(await store.events(4, 2))).toEqual(['e5']);
      expect(what(await store.events(5, 2))).toEqual([]);
      expect(what(await store.lastEvents(2))).toEqual(['e4', 'e5']);
      expect(what(await store.lastEvents(9))).toEqual(['e1', 'e2', 'e3', 'e4', 'e5']);
    });
  });
}
