import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { ZoneStore } from '../../src/ports/zone-store.js';
import type { Change } from '../../src/zone/change.js';
import { AUTHORITY_REQUEST } from '../support/authority-rows.js';
import {
  administrator,
  ANCHOR,
  AUTHORITY,
  BACKUP,
  bareCertificate,
  BEGINNING,
  CA_MOVE,
  certificate,
  device,
  entry,
  member,
  memberSet,
  operation,
  part,
  SUBORDINATE,
  WHOLE_ZONE,
  ZONE,
} from '../support/zone-rows.js';
import { readAll, type ZoneStoreSubject } from '../support/zone-store-subject.js';

const fingerprints = (records: readonly { readonly fingerprint: string }[]): readonly string[] =>
  records.map((one) => one.fingerprint);

/** What a store gives back of what it was given. */
export function zoneStoreRows(make: () => Promise<ZoneStoreSubject>): void {
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

    test('of members by their homes: the same, around, within, nothing that only begins so', async () => {
      const homes = ['/srv/a', '/srv/a/b/c', '/srv/ab', '/srv/a0', '/srv', null];
      const rows = homes.map((home, at) => ({ ...member(at + 1), home }));
      await commit({ type: 'put-members', members: rows });
      const around = async (...wanted: readonly string[]): Promise<readonly (string | null)[]> =>
        (await store.membersAround(wanted)).map(({ home }) => home).sort();
      expect(await around('/srv/a')).toEqual(['/srv', '/srv/a', '/srv/a/b/c']);
      expect(await around('/srv/a/b')).toEqual(['/srv', '/srv/a', '/srv/a/b/c']);
      expect(await around('/srv/a0', '/opt')).toEqual(['/srv', '/srv/a0']);
      expect(await around('/opt')).toEqual([]);
      expect(await around()).toEqual([]);
    });

    test('of backups, the one that was made last', async () => {
      expect(await store.lastBackup()).toBeUndefined();
      const older = { ...BACKUP, sha256: 'ef'.repeat(32), madeAt: BACKUP.madeAt - 1 };
      await commit({ type: 'put-backup', backup: BACKUP }, { type: 'put-backup', backup: older });
      expect(await store.lastBackup()).toEqual(BACKUP);
      const again = { ...BACKUP, verifiedAt: BACKUP.verifiedAt + 9 };
      await commit({ type: 'put-backup', backup: again });
      expect(await store.lastBackup()).toEqual(again);
    });

    test('of a move of the CA role, one at a time', async () => {
      expect(await store.caMove()).toBeUndefined();
      await commit({ type: 'put-ca-move', move: CA_MOVE });
      const erasing = { ...CA_MOVE, state: 'erasing' } as const;
      await commit({ type: 'put-ca-move', move: erasing });
      expect(await store.caMove()).toEqual(erasing);
      const other = { ...CA_MOVE, toMemberId: 'member-3' };
      await expect(commit({ type: 'put-ca-move', move: other })).rejects.toMatchObject({
        code: 'bug',
      });
      expect(await store.caMove()).toEqual(erasing);
      await commit({ type: 'remove-ca-move' });
      expect(await store.caMove()).toBeUndefined();
    });

    test('of administrators, by name', async () => {
      const [anna, bert] = [administrator('anna'), administrator('bert', { privilege: 'admin' })];
      await commit(
        { type: 'put-administrator', administrator: bert },
        { type: 'put-administrator', administrator: anna },
      );
      expect(await store.administrators()).toEqual([anna, bert]);
      expect(await store.administrator('bert')).toEqual(bert);
      expect(await store.administrator('carl')).toBeUndefined();
      const changed = { ...bert, passwordSetAt: bert.passwordSetAt + 9 };
      await commit(
        { type: 'put-administrator', administrator: changed },
        { type: 'remove-administrator', name: 'anna' },
      );
      expect(await store.administrators()).toEqual([changed]);
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

    test('of authorities below others, with what stands above them', async () => {
      const certificates = [certificate(1), certificate(2), certificate(3), bareCertificate(4)];
      await commit({ type: 'add-certificates', certificates });
      await commit(
        { type: 'put-authority', authority: SUBORDINATE },
        { type: 'put-authority', authority: AUTHORITY },
      );
      const active = { ...SUBORDINATE, state: 'active' as const };
      await commit({ type: 'put-authority', authority: active });
      expect(await store.authorities()).toEqual([AUTHORITY, active]);
    });

    test('of requests for the certificates of authorities, by generation', async () => {
      const first = { ...AUTHORITY_REQUEST, generation: 1, wish: null };
      await commit(
        { type: 'put-authority-request', request: AUTHORITY_REQUEST },
        { type: 'put-authority-request', request: first },
      );
      const done = { ...first, state: 'done' as const };
      await commit({ type: 'put-authority-request', request: done });
      expect(await store.authorityRequests()).toEqual([done, AUTHORITY_REQUEST]);
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
}
