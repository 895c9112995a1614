import { createHash } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ZoneReader, ZoneStore } from '../../src/ports/zone-store.js';
import type { Change } from '../../src/zone/change.js';
import { verifyEvents } from '../../src/zone/verify-events.js';
import {
  ANCHOR,
  AUTHORITY,
  bareCertificate,
  BEGINNING,
  certificate,
  device,
  entry,
  member,
  memberSet,
  operation,
  part,
  reservation,
  WHOLE_ZONE,
  ZONE,
} from '../support/zone-rows.js';

/** A store of a zone home in which nothing was recorded yet, and another look at the same zone. */
export interface ZoneStoreSubject {
  readonly store: ZoneStore;
  readonly reader: () => Promise<ZoneReader>;
}

/** Everything that a reader tells of the zone that the samples make. */
export async function readAll(reader: ZoneReader): Promise<Readonly<Record<string, unknown>>> {
  const certificates = await reader.certificates({});
  const operations = await reader.operations();
  return {
    zone: await reader.zone(),
    members: await reader.members(),
    authorities: await reader.authorities(),
    certificates,
    ders: await reader.der(certificates.map((one) => one.fingerprint)),
    sets: await reader.sets(),
    operations,
    parts: await Promise.all(operations.map((one) => reader.operationMembers(one.id))),
    anchors: await reader.anchors(),
    events: await reader.events(0, 1000),
  };
}

const sha256 = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const fingerprints = (records: readonly { readonly fingerprint: string }[]): readonly string[] =>
  records.map((one) => one.fingerprint);

/** What src/ports/zone-store.ts promises. */
export function zoneStoreContract(name: string, make: () => Promise<ZoneStoreSubject>): void {
  describe(`zone store: ${name}`, () => {
    let subject: ZoneStoreSubject;
    let store: ZoneStore;
    const commit = (...changes: readonly Change[]): Promise<void> => store.commit(entry(), changes);

    beforeEach(async () => {
      subject = await make();
      ({ store } = subject);
    });

    afterEach(() => {
      store.close();
    });

    describe('rows in are rows out', () => {
      test('of the zone, external or not', async () => {
        await expect(store.zone()).rejects.toMatchObject({ code: 'no-zone' });
        await commit({ type: 'put-zone', zone: ZONE });
        expect(await store.zone()).toEqual(ZONE);
        const external = { ...ZONE, name: 'other', caMemberId: null };
        await commit({ type: 'put-zone', zone: external });
        expect(await store.zone()).toEqual(external);
      });

      test('of members, by path', async () => {
        const rows = [member(2), device(3), member(1)];
        await commit({ type: 'put-members', members: rows });
        expect(await store.members()).toEqual([member(1), member(2), device(3)]);
        const moved = device(2);
        await commit({ type: 'put-members', members: [moved] });
        expect(await store.members()).toEqual([member(1), moved, device(3)]);
      });

      test('of authorities, by generation', async () => {
        const external = {
          ...AUTHORITY,
          generation: 10,
          kind: 'external' as const,
          keyMemberId: null,
        };
        await commit({ type: 'add-certificates', certificates: [certificate(1)] });
        await commit(
          { type: 'put-authority', authority: external },
          { type: 'put-authority', authority: { ...AUTHORITY, generation: 2 } },
        );
        await commit({ type: 'put-authority', authority: { ...external, state: 'retired' } });
        expect(await store.authorities()).toEqual([
          { ...AUTHORITY, generation: 2 },
          { ...external, state: 'retired' },
        ]);
      });

      test('of certificates and their bytes', async () => {
        const [full, bare] = [certificate(1), bareCertificate(2)];
        await commit({ type: 'add-certificates', certificates: [bare, full] });
        expect(await store.certificate(full.record.fingerprint)).toEqual(full.record);
        expect(await store.certificate(bare.record.fingerprint)).toEqual(bare.record);
        expect(await store.certificate('00'.repeat(32))).toBeUndefined();
        const asked = [bare, full, bare];
        const ders = await store.der(asked.map((one) => one.record.fingerprint));
        expect(ders.map((der) => [...der])).toEqual(asked.map((one) => [...one.der]));
      });

      test('of sets, by member and number', async () => {
        const bare = memberSet(10, { leaf: null, chain: [], trust: [], operationId: null });
        const other = memberSet(1, { memberId: 'member-2' });
        await commit({ type: 'put-sets', sets: [other, bare, memberSet(9)] });
        expect(await store.sets()).toEqual([memberSet(9), bare, other]);
        await commit({ type: 'put-sets', sets: [memberSet(9, { state: 'live' })] });
        expect(await store.sets('member-1')).toEqual([memberSet(9, { state: 'live' }), bare]);
        expect(await store.sets('member-3')).toEqual([]);
      });

      test('of operations, oldest first', async () => {
        const bare = operation(10, {
          activation: { when: 'ready' },
          deadline: null,
          plannedAuthority: null,
          endedAt: null,
          keepKey: false,
          compromised: true,
        });
        const newer = operation(2, { startedAt: BEGINNING + 1, activation: { when: 'held' } });
        await commit(
          { type: 'put-operation', operation: newer },
          { type: 'put-operation', operation: bare },
          { type: 'put-operation', operation: operation(9) },
        );
        expect(await store.operations()).toEqual([operation(9), bare, newer]);
        const done = operation(9, { phase: 'done' });
        await commit({ type: 'put-operation', operation: done });
        expect(await store.operations(['done'])).toEqual([done]);
        expect(await store.operations(['armed', 'done'])).toEqual([done, bare, newer]);
        expect(await store.operations([])).toEqual([]);
      });

      test('of parts, by order', async () => {
        const bare = part(1, {
          order: 3,
          planned: null,
          creation: null,
          previousSet: null,
          trustSet: null,
          futureSet: null,
          futureCertificate: null,
          narrowedSet: null,
          target: null,
          held: false,
          evidence: null,
          trustProvedAt: null,
          waived: false,
          problem: null,
        });
        await commit(
          { type: 'put-operation-members', members: [bare, part(2)] },
          { type: 'put-operation', operation: operation(1) },
        );
        expect(await store.operationMembers('op-1')).toEqual([part(2), bare]);
        await commit({ type: 'put-operation-members', members: [part(1)] });
        expect(await store.operationMembers('op-1')).toEqual([part(1), part(2)]);
        expect(await store.operationMembers('op-2')).toEqual([]);
      });

      test('of anchors, by alias', async () => {
        const external = { ...ANCHOR, alias: 'corporate root', source: 'external' as const };
        await commit({ type: 'add-certificates', certificates: [certificate(1)] });
        await commit({ type: 'put-anchor', anchor: ANCHOR });
        await commit({ type: 'put-anchor', anchor: external });
        expect(await store.anchors()).toEqual([external, ANCHOR]);
        await commit({ type: 'remove-anchor', alias: ANCHOR.alias });
        await commit({ type: 'remove-anchor', alias: ANCHOR.alias });
        expect(await store.anchors()).toEqual([external]);
      });

      test('for another reader, whole and sound', async () => {
        await commit(...WHOLE_ZONE);
        const reader = await subject.reader();
        expect(await readAll(reader)).toEqual(await readAll(store));
        expect(await reader.damage()).toEqual([]);
        reader.close();
        expect(await store.damage()).toEqual([]);
      });
    });

    describe('certificates', () => {
      test('are listed by time of recording, then fingerprint', async () => {
        const later = certificate(1, { recordedAt: BEGINNING + 9 });
        const same = [2, 3, 4, 5].map((number) => certificate(number, { recordedAt: BEGINNING }));
        await commit({ type: 'add-certificates', certificates: [later, ...same] });
        const sorted = fingerprints(same.map((one) => one.record)).toSorted();
        expect(fingerprints(await store.certificates({}))).toEqual([
          ...sorted,
          later.record.fingerprint,
        ]);
      });

      test('are filtered by every condition at once', async () => {
        const rows = [
          certificate(1),
          certificate(2, { memberId: 'member-2' }),
          certificate(3, { purpose: 'cross' }),
          certificate(4, { state: 'current' }),
          certificate(5, { operationId: null }),
        ];
        await commit({ type: 'add-certificates', certificates: rows });
        const [first, second, third, fourth, fifth] = fingerprints(rows.map((one) => one.record));
        const found = async (
          filter: Parameters<ZoneStore['certificates']>[0],
        ): Promise<readonly string[]> => fingerprints(await store.certificates(filter));
        expect(await found({ memberId: 'member-2' })).toEqual([second]);
        expect(await found({ purpose: 'cross' })).toEqual([third]);
        expect(await found({ states: ['current'] })).toEqual([fourth]);
        expect(await found({ states: ['current', 'future'], memberId: 'member-1' })).toEqual([
          first,
          third,
          fourth,
          fifth,
        ]);
        expect(await found({ states: [] })).toEqual([]);
        expect(
          await found({
            memberId: 'member-1',
            purpose: 'server',
            states: ['future'],
            operationId: 'op-1',
          }),
        ).toEqual([first]);
      });

      test('change their state and nothing else', async () => {
        const [one, two] = [certificate(1), certificate(2)];
        await commit({ type: 'add-certificates', certificates: [one, two] });
        const unknown = '00'.repeat(32);
        await commit({
          type: 'set-certificate-state',
          fingerprints: [one.record.fingerprint, unknown],
          state: 'revoked',
        });
        expect(await store.certificates({})).toEqual([
          { ...one.record, state: 'revoked' },
          two.record,
        ]);
        expect(await store.damage()).toEqual([]);
      });

      test('stay as they were recorded when they are added again', async () => {
        const one = certificate(1);
        await commit({ type: 'add-certificates', certificates: [one, one] });
        const again = { der: one.der, record: { ...one.record, subject: 'CN=other' } };
        await commit({ type: 'add-certificates', certificates: [again] });
        expect(await store.certificates({})).toEqual([one.record]);
      });

      test('without their bytes are damage', async () => {
        await expect(store.der(['00'.repeat(32)])).rejects.toMatchObject({ code: 'damaged' });
      });
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
  });
}
