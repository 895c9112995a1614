import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createZoneStore } from '../../src/adapters/sql/open-zone-store.js';
import { readReadiness } from '../../src/operations/read-readiness.js';
import {
  listServerCertificates,
  type ServerCertificate,
} from '../../src/operations/list-certificates.js';
import { listServerLines, type ListedServer } from '../../src/operations/list-server-lines.js';
import { listDevices } from '../../src/operations/list-members.js';
import { readSnapshot } from '../../src/operations/read-snapshot.js';
import { statusInSnapshot } from '../../src/operations/status-in-snapshot.js';
import type { ReadContext } from '../../src/ports/context.js';
import type { CertificateRecord } from '../../src/zone/certificate-record.js';
import { certificateStatus } from '../../src/zone/certificate-status.js';
import { memberHome } from '../../src/zone/member-home.js';
import { isServer, type Member } from '../../src/zone/member.js';
import { liveSet, type ZoneSnapshot } from '../../src/zone/zone-snapshot.js';
import { gather } from '../support/gather.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import {
  BEGINNING,
  certificate,
  device,
  entry,
  member,
  memberSet,
  operation,
  part,
  ZONE,
} from '../support/zone-rows.js';

const NOW = BEGINNING + 1000;
const HOME = '/srv/zone';

const PART = fc.record({
  planned: fc.boolean(),
  creation: fc.constantFrom('new-certificate-created', 'creating-certificate-failed', null),
  trustSet: fc.constantFrom(2, null),
  futureSet: fc.constantFrom(2, 3, null),
  held: fc.boolean(),
  evidence: fc.constantFrom('handshake', null),
  trustProvedAt: fc.constantFrom(BEGINNING, null),
  waived: fc.boolean(),
  problem: fc.boolean(),
} as const);

const CASE = fc.record({
  server: fc.boolean(),
  removed: fc.constantFrom(false, false, false, true),
  current: fc.constantFrom(null, -1, 1),
  future: fc.boolean(),
  sets: fc.subarray(['live', 'ready'] as const),
  parts: fc.tuple(fc.option(PART), fc.option(PART)),
});

type Case = typeof CASE extends fc.Arbitrary<infer Value> ? Value : never;

function partsIn(cases: readonly Case[]) {
  return cases.flatMap(({ parts }, index) =>
    parts.flatMap((one, which) => {
      if (one === null) return [];
      const full = part(index);
      const planned = one.planned ? full.planned : null;
      const problem = one.problem ? full.problem : null;
      // Orders differ from numbers and are shared.
      const order = (index * 7) % 5;
      return [part(index, { ...one, operationId: `op-${which + 1}`, order, planned, problem })];
    }),
  );
}

async function zoneOf(cases: readonly Case[], batchSize: number) {
  const holder = { command: 'test', pid: process.pid, since: NOW, waitSeconds: 5 };
  const store = await createZoneStore(temporaryFolder(), holder);
  const all = cases.map(({ server }, index) => (server ? member(index) : device(index)));
  const certificates = cases.flatMap(({ current, future, server }, index) => {
    const memberId = `member-${index}`;
    const life = { memberId, notBefore: BEGINNING, notAfter: NOW + (current ?? 0) };
    if (!server) return [];
    return [
      certificate(3 * index, { ...life, state: 'previous' }),
      ...(current === null ? [] : [certificate(3 * index + 1, { ...life, state: 'current' })]),
      ...(future ? [certificate(3 * index + 2, { ...life, state: 'future' })] : []),
    ];
  });
  const sets = cases.flatMap((one, index) =>
    one.sets.map((state) =>
      memberSet(state === 'live' ? 1 : 3, { memberId: `member-${index}`, state }),
    ),
  );
  await store.commit(entry(), [
    { type: 'put-zone', zone: ZONE },
    { type: 'put-members', members: all.filter((_, index) => cases[index]?.removed === false) },
    { type: 'add-certificates', certificates },
    { type: 'put-sets', sets },
    { type: 'put-operation', operation: operation(1) },
    {
      type: 'put-operation',
      operation: operation(2, {
        kind: 'server-remint',
        phase: 'activating',
        startedAt: BEGINNING + 1,
      }),
    },
    { type: 'put-operation-members', members: partsIn(cases) },
  ]);
  const ctx = { store, counts: store.counts, zoneHome: HOME, batchSize };
  return ctx as unknown as ReadContext;
}

/** A server's row as it follows from the whole zone. */
function rowIn(snapshot: ZoneSnapshot, one: Member): ServerCertificate {
  const operations = snapshot.pending.toReversed();
  const partIn = (id: string) =>
    snapshot.parts.get(id)?.find(({ memberId }) => memberId === one.id);
  const running = operations.find(({ id }) => partIn(id) !== undefined) ?? null;
  const own = running === null ? undefined : partIn(running.id);
  const current = snapshot.current.get(one.id);
  const waiting = (snapshot.sets.get(one.id) ?? []).find(
    ({ number, state }) => number === own?.futureSet && state === 'ready',
  );
  return {
    member: one,
    home: memberHome(HOME, one),
    current: current ?? null,
    future: snapshot.future.get(one.id) ?? null,
    status: certificateStatus({ current, revoked: false, part: own, request: undefined }, NOW),
    revoked: false,
    request: null,
    operation: running,
    part: own ?? null,
    live: liveSet(snapshot, one.id) ?? null,
    waiting: waiting ?? null,
  };
}

function lineIn({ member: { name }, current, status, part: own }: ServerCertificate): ListedServer {
  const dated = current === null ? null : datedPart(current);
  return { name, current: dated, status, update: own?.update ?? null };
}

function datedPart({ fingerprint, notBefore, notAfter, spkiSha256 }: CertificateRecord) {
  return { fingerprint, notBefore, notAfter, spkiSha256 };
}

test('lists and operations are the same by pages as from the whole zone', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(CASE, { maxLength: 12 }),
      fc.integer({ min: 1, max: 5 }),
      async (cases, batchSize) => {
        const ctx = await zoneOf(cases, batchSize);
        const snapshot = await readSnapshot(ctx, NOW);
        const wanted = snapshot.members.filter(isServer).map((one) => rowIn(snapshot, one));
        const question = { now: NOW, depth: 'all' } as const;
        expect(await gather(listServerCertificates(ctx, [], question))).toEqual(wanted);
        const current = await gather(
          listServerCertificates(ctx, [], { now: NOW, depth: 'current' }),
        );
        expect(await gather(listServerLines(ctx, NOW))).toEqual(wanted.map(lineIn));
        expect(current).toEqual(
          wanted.map((row) => ({ ...row, future: null, live: null, waiting: null })),
        );
        const devices = await gather(listDevices(ctx));
        expect(devices.map((row) => [row.member.name, row.part])).toEqual(
          snapshot.members
            .filter((one) => !isServer(one))
            .map((one) => [one.name, rowIn(snapshot, one).part]),
        );
        const operations = await readReadiness(ctx, null, NOW);
        const inZone = new Set(snapshot.members.map(({ id }) => id));
        const parts = new Map(
          [...snapshot.parts].map(([id, all]) => [
            id,
            all.filter(({ memberId }) => inZone.has(memberId)),
          ]),
        );
        const sorted = (names: readonly unknown[]): readonly string[] =>
          names.map((name) => JSON.stringify(name)).sort();
        const compared = (all: typeof operations) =>
          all.map(({ gate, problems, ...rest }) => ({
            ...rest,
            totals: gate.totals,
            missing: sorted(gate.missing),
            waived: sorted(gate.waived),
            problems: sorted(problems),
          }));
        expect(compared(operations)).toEqual(
          compared(snapshot.pending.map((one) => statusInSnapshot({ ...snapshot, parts }, one))),
        );
        ctx.store.close();
      },
    ),
    { numRuns: 60 },
  );
});
