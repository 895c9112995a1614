import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { certificateTail } from '../../../src/adapters/sql/certificate-tail.js';
import type { Connection } from '../../../src/adapters/sql/connection.js';
import { openForWriting } from '../../../src/adapters/sql/open-connection.js';
import type { ZoneReader } from '../../../src/ports/zone-store.js';
import type { Change } from '../../../src/zone/change.js';
import { certificateLife, daysLeft } from '../../../src/zone/certificate-life.js';
import { DAY, type Instant } from '../../../src/zone/instant.js';
import { isServer, type Member } from '../../../src/zone/member.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  AUTHORITY,
  BEGINNING,
  certificate,
  device,
  entry,
  member,
  memberSet,
  ZONE,
} from '../../support/zone-rows.js';

const NOW: Instant = BEGINNING + 1000 * DAY;
const ENDING_DAYS = 30;

/** A member and what is known of it: days until its current certificate ends and begins. */
interface Case {
  readonly kind: 'server' | 'device' | 'device with a home';
  readonly ends: number | null;
  readonly begins: number;
  readonly future: boolean;
  readonly set: 'ready' | 'live' | null;
}

const CASE: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom('server', 'server', 'server', 'device', 'device with a home'),
  ends: fc.option(fc.oneof(fc.integer({ min: -40, max: 40 }), fc.constantFrom(0, 29, 30, 31)), {
    freq: 4,
  }),
  begins: fc.constantFrom(-100, -1, 0, 1, 10),
  future: fc.boolean(),
  set: fc.constantFrom('ready', 'live', null),
});

function memberOf({ kind }: Case, number: number) {
  if (kind === 'server') return member(number, { home: number % 2 === 0 ? null : '/srv/x' });
  return kind === 'device' ? device(number) : { ...device(number), home: '/srv/device' };
}

function certificatesOf({ kind, ends, begins, future }: Case, number: number) {
  if (kind !== 'server') return [];
  const memberId = `member-${number}`;
  const life = { notBefore: NOW + begins * DAY, notAfter: NOW + (ends ?? 0) * DAY + (number % 3) };
  return [
    certificate(4 * number, { memberId, state: 'previous', ...life }),
    certificate(4 * number + 1, { memberId, state: 'current', purpose: 'client', ...life }),
    ...(ends === null
      ? []
      : [certificate(4 * number + 2, { memberId, state: 'current', ...life })]),
    ...(future ? [certificate(4 * number + 3, { memberId, state: 'future', ...life })] : []),
  ];
}

async function zoneWith(cases: readonly Case[]): Promise<string> {
  const zoneHome = temporaryFolder();
  const holder = { command: 'test', pid: process.pid, since: NOW, waitSeconds: 5 };
  const store = await createZoneStore(zoneHome, holder);
  const ca = certificate(4000, { purpose: 'ca', memberId: null });
  await store.commit(entry(), [
    { type: 'put-zone', zone: ZONE },
    { type: 'put-members', members: cases.map(memberOf) },
    { type: 'add-certificates', certificates: [ca, ...cases.flatMap(certificatesOf)] },
    { type: 'put-authority', authority: { ...AUTHORITY, certificate: ca.record.fingerprint } },
    {
      type: 'put-sets',
      sets: cases.flatMap(({ set }, number) =>
        set === null
          ? []
          : [memberSet(1, { memberId: `member-${number}`, purpose: 'first', state: set })],
      ),
    },
  ]);
  store.close();
  return zoneHome;
}

/** The same figures from all rows, as they were computed before there were indexes for them. */
async function reference(store: ZoneReader) {
  const members = await store.members();
  const servers = members.filter(isServer);
  const byMember = async (state: 'current' | 'future') => {
    const records = await store.certificates({ purpose: 'server', states: [state] });
    return new Map(records.map((record) => [record.memberId, record]));
  };
  const [current, future] = [await byMember('current'), await byMember('future')];
  const counts = { current: 0, expired: 0, notYetValid: 0, ending: 0, future: 0 };
  for (const { id } of servers) {
    if (future.has(id)) counts.future += 1;
    const record = current.get(id);
    if (record === undefined) continue;
    counts.current += 1;
    const life = certificateLife(record, NOW);
    if (life === 'expired') counts.expired += 1;
    if (life === 'not-yet-valid') counts.notYetValid += 1;
    if (life === 'active' && daysLeft(record.notAfter, NOW) < ENDING_DAYS) counts.ending += 1;
  }
  const named = (some: readonly Member[]) => some.map(({ name }) => name);
  const sets = (await store.sets()).filter((one) => one.purpose === 'first');
  return {
    members: {
      servers: servers.length,
      devices: members.length - servers.length,
      reachable: members.filter((one) => isServer(one) || one.home !== null).length,
    },
    lives: counts,
    ends: servers
      .flatMap(({ id }) => current.get(id)?.notAfter ?? [])
      .sort((a, b) => a - b)
      .slice(0, 6),
    near: servers.filter(({ id }) => (current.get(id)?.notAfter ?? Infinity) < NOW + 5 * DAY)
      .length,
    withoutCurrent: named(servers.filter(({ id }) => !current.has(id))),
    withoutAny: named(servers.filter(({ id }) => !current.has(id) && !future.has(id))),
    unfinished: sets.filter(({ state }) => state === 'ready').length,
    first: named(members).slice(0, 3),
  };
}

test('counts are what all rows say', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(CASE, { maxLength: 12 }), async (cases) => {
      const zone = await openZoneReader(await zoneWith(cases));
      const { counts } = zone;
      const soonest = await counts.soonest(6);
      const first = await counts.firstMembers(3);
      const told = {
        members: await counts.members(),
        lives: await counts.lives(NOW, NOW + ENDING_DAYS * DAY),
        ends: soonest.map((one) => one.certificate.notAfter),
        near: await counts.endingBefore(NOW + 5 * DAY),
        withoutCurrent: await counts.without('current'),
        withoutAny: await counts.without('future'),
        unfinished: await counts.unfinishedSets(),
        first: first.map((one) => one.member.name),
      };
      expect(told).toEqual(await reference(zone));
      for (const one of soonest) expect(one.member.id).toBe(one.certificate.memberId);
      for (const one of first) expect(one.sets).toEqual(await zone.sets(one.member.id));
      zone.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

/** What can be done to a member or to one of its two certificates. */
const STEP: fc.Arbitrary<(number: number) => Change> = fc.constantFrom(
  (number: number): Change => ({ type: 'put-members', members: [member(number)] }),
  (number: number): Change => ({ type: 'put-members', members: [device(number)] }),
  (number: number): Change => ({ type: 'remove-member', memberId: `member-${number}` }),
  (number: number): Change => ({
    type: 'add-certificates',
    certificates: [
      certificate(number, { memberId: `member-${number}`, state: 'current' }),
      certificate(50 + number, { memberId: `member-${number}`, state: 'future' }),
      certificate(90 + number, { purpose: 'client', state: 'current' }),
    ],
  }),
  ...(['current', 'future', 'previous', 'retired'] as const).map(
    (state) =>
      (number: number): Change => ({
        type: 'set-certificate-state',
        fingerprints: [number, 50 + number, 90 + number].map(
          (one) => certificate(one).record.fingerprint,
        ),
        state,
      }),
  ),
  (number: number): Change => ({
    type: 'take-certificate-again',
    fingerprint: certificate(number).record.fingerprint,
    operationId: 'op-1',
  }),
);

test('what the database counts by itself follows every change', async () => {
  const steps = fc.array(fc.tuple(STEP, fc.integer({ min: 1, max: 4 })), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(steps, async (walk) => {
      const zoneHome = await zoneWith([]);
      const holder = { command: 'test', pid: process.pid, since: NOW, waitSeconds: 5 };
      const store = await openZoneStore(zoneHome, holder);
      for (const [step, number] of walk) await store.commit(entry(), [step(number)]);
      const { members } = await reference(store);
      const count = async (state: 'current' | 'future') =>
        (await store.certificates({ purpose: 'server', states: [state] })).length;
      expect(await store.counts.members()).toMatchObject({
        servers: members.servers,
        devices: members.devices,
      });
      expect(await store.counts.lives(NOW, NOW)).toMatchObject({
        current: await count('current'),
        future: await count('future'),
      });
      expect(await store.damage()).toEqual([]);
      store.close();
    }),
    { numRuns: 60 },
  );
}, 60_000);

test('rows that decide are checked, and no count reads the rows of a table', async () => {
  const server: Case = { kind: 'server', ends: 3, begins: -1, future: false, set: 'live' };
  const zoneHome = await zoneWith([server, { ...server, ends: 9 }]);
  const path = join(zoneHome, 'zone.db');
  const writing = openForWriting(path);
  expect(plansOf(writing).filter((plan) => !/USING (?:COVERING )?INDEX/u.test(plan))).toEqual([]);
  writing.run("UPDATE certificates SET not_after = not_after + 1 WHERE state = 'current'");
  writing.close();
  const zone = await openZoneReader(zoneHome);
  await expect(zone.counts.soonest(1)).rejects.toMatchObject({ code: 'damaged' });
  zone.close();
});

function plansOf(connection: Connection): readonly string[] {
  const current = "state = 'current' AND purpose = 'server'";
  return [
    "SELECT count(*), count(*) - count(home) FROM members WHERE kind NOT IN ('primary', 'satellite')",
    `SELECT count(*) FROM certificates WHERE ${current} AND not_after < 5`,
    `SELECT * FROM certificates WHERE ${current} ORDER BY not_after LIMIT 6`,
    `SELECT count(*) FROM certificates WHERE ${current} AND not_before > 5 AND +not_after >= 5`,
    `SELECT * FROM certificates ${certificateTail({ purpose: 'ca' }).sql}`,
    `SELECT * FROM certificates ${certificateTail({ purpose: 'cross' }).sql}`,
    "SELECT count(*) FROM member_sets WHERE purpose = 'first' AND state = 'ready'",
  ].flatMap((sql) => connection.all(`EXPLAIN QUERY PLAN ${sql}`).map((row) => String(row[3])));
}
