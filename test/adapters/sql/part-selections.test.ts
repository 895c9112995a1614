import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Cell } from '../../../src/adapters/sql/column.js';
import { openForReading } from '../../../src/adapters/sql/open-connection.js';
import { createZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { partCondition, partCount } from '../../../src/adapters/sql/part-conditions.js';
import type { ZoneStore } from '../../../src/ports/zone-store.js';
import { isServer, type Member } from '../../../src/zone/member.js';
import type { OperationMember } from '../../../src/zone/operation.js';
import type { PartSelection } from '../../../src/zone/part-selection.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import {
  AUTHORITY,
  certificate,
  device,
  entry,
  member,
  operation,
  part,
  ZONE,
} from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

const { planned } = part(1);
const { problem } = part(1);

/** What can differ between parts, as far as a selection looks at it. */
const CHANGES: fc.Arbitrary<Partial<OperationMember>> = fc.record({
  planned: fc.constantFrom(planned, null),
  creation: fc.constantFrom('new-certificate-created', 'creating-certificate-failed', null),
  update: fc.constantFrom('not-assigned', 'pending-certificate-activation'),
  trustSet: fc.constantFrom(2, null),
  futureSet: fc.constantFrom(3, null),
  narrowedSet: fc.constantFrom(4, null),
  target: fc.constantFrom(2, 3, null),
  held: fc.boolean(),
  evidence: fc.constantFrom('handshake', null),
  trustProvedAt: fc.constantFrom(7, null),
  waived: fc.boolean(),
  problem: fc.constantFrom(problem, null),
});

interface Case {
  readonly kind: 'server' | 'without probe' | 'device';
  readonly leaves: boolean;
  readonly before: Partial<OperationMember>;
  readonly after: Partial<OperationMember>;
}

const CASE: fc.Arbitrary<Case> = fc.record({
  kind: fc.constantFrom('server', 'server', 'without probe', 'device'),
  leaves: fc.integer({ min: 0, max: 3 }).map((number) => number === 0),
  before: CHANGES,
  after: CHANGES,
});

/** What `PartSelection` says in words, of a part whose member is in the zone. */
const MEANS: Readonly<Record<PartSelection, (one: OperationMember, of: Member) => boolean>> = {
  all: () => true,
  'in-zone': () => true,
  planned: (one) => one.planned !== null,
  changing: (one) => one.futureSet !== null,
  device: (_one, of) => !isServer(of),
  unminted: (one) => one.planned !== null && one.creation !== 'new-certificate-created',
  'unminted-failed': (one) =>
    one.planned !== null && one.creation === 'creating-certificate-failed',
  minted: (one) => one.creation === 'new-certificate-created',
  unstaged: (one) => one.trustSet !== null && one.trustProvedAt === null,
  unassigned: (one) => one.update === 'not-assigned',
  open: (one) => one.futureSet !== null && one.evidence === null && !one.waived,
  begun: (one) =>
    one.futureSet !== null && one.evidence === null && one.target === one.futureSet && !one.held,
  active: (one) => one.evidence !== null,
  switched: (one) => one.planned !== null && one.evidence !== null,
  held: (one) => one.held,
  narrowing: (one) => one.narrowedSet !== null,
  probed: (one, of) => one.trustProvedAt !== null && of.probe !== null,
  failed: (one) => one.problem !== null,
  unproved: (one) =>
    !one.waived &&
    ((one.planned !== null && one.creation === null) ||
      (one.trustProvedAt === null && !(one.trustSet === null && one.futureSet !== null))),
  waived: (one) => one.waived,
};
const SELECTIONS = Object.keys(MEANS) as PartSelection[];

function memberOf({ kind }: Case, number: number): Member {
  if (kind === 'device') return device(number);
  return member(number, kind === 'server' ? {} : { probe: null });
}

async function storeOf(home: string, members: readonly Member[]): Promise<ZoneStore> {
  const store = await createZoneStore(home, WRITER);
  const ca = certificate(4000, { purpose: 'ca', memberId: null });
  await store.commit(entry(), [
    { type: 'put-zone', zone: ZONE },
    { type: 'put-members', members },
    { type: 'add-certificates', certificates: [ca] },
    { type: 'put-authority', authority: { ...AUTHORITY, certificate: ca.record.fingerprint } },
    { type: 'put-operation', operation: operation(1) },
    { type: 'put-operation', operation: operation(2) },
  ]);
  return store;
}

test('each selection finds and counts what its words say, whoever has left', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(CASE, { maxLength: 12 }), async (cases) => {
      const members = cases.map(memberOf);
      const store = await storeOf(temporaryFolder(), members);
      const parts = (which: 'before' | 'after') =>
        cases.map((one, number) => part(number, one[which]));
      await store.commit(entry(), [{ type: 'put-operation-members', members: parts('before') }]);
      await store.commit(entry(), [{ type: 'put-operation-members', members: parts('after') }]);
      const others = parts('after').map((one) => ({ ...one, operationId: 'op-2' }));
      await store.commit(entry(), [{ type: 'put-operation-members', members: others }]);
      await store.commit(
        entry(),
        cases.flatMap(({ leaves }, number) =>
          leaves ? [{ type: 'remove-member', memberId: `member-${number}` } as const] : [],
        ),
      );
      expect(await store.operationMembers('op-1')).toEqual(parts('after'));
      for (const selection of SELECTIONS) {
        const expected = parts('after').filter((one, number) => {
          if (selection === 'all') return true;
          const of = members[number];
          return cases[number]?.leaves === false && of !== undefined && MEANS[selection](one, of);
        });
        const page = { after: null, limit: 100 };
        const found = await store.partsAfter('op-1', selection, page);
        expect({ selection, found }).toEqual({ selection, found: expected });
        const count = await store.countParts('op-1', selection);
        expect({ selection, count }).toEqual({ selection, count: expected.length });
      }
      expect(await store.damage()).toEqual([]);
      store.close();
    }),
    { numRuns: 60 },
  );
});

test('a member that comes back has its parts again', async () => {
  const store = await storeOf(temporaryFolder(), [member(1)]);
  await store.commit(entry(), [{ type: 'put-operation-members', members: [part(1)] }]);
  await store.commit(entry(), [{ type: 'remove-member', memberId: 'member-1' }]);
  expect(await store.countParts('op-1', 'in-zone')).toBe(0);
  await store.commit(entry(), [{ type: 'put-members', members: [member(1)] }]);
  expect(await store.countParts('op-1', 'in-zone')).toBe(1);
  expect(await store.damage()).toEqual([]);
  store.close();
});

test('a part of a member that has left before counts for nothing but all', async () => {
  const store = await storeOf(temporaryFolder(), [member(1), member(2)]);
  await store.commit(entry(), [{ type: 'remove-member', memberId: 'member-1' }]);
  await store.commit(entry(), [
    { type: 'put-operation-members', members: [part(1), part(2), part(3)] },
  ]);
  expect(await store.countParts('op-1', 'all')).toBe(3);
  expect(await store.countParts('op-1', 'in-zone')).toBe(1);
  expect(await store.damage()).toEqual([]);
  store.close();
});

describe('what is asked every minute goes by an index', () => {
  let plan: (sql: string, values: readonly Cell[]) => string;

  beforeAll(async () => {
    const home = temporaryFolder();
    (await storeOf(home, [member(1)])).close();
    const connection = openForReading(join(home, 'zone.db'));
    plan = (sql, values) =>
      connection
        .all(`EXPLAIN QUERY PLAN ${sql}`, values)
        .map((row) => String(row[3]))
        .join('\n');
  });

  test.each([
    ['in-zone', 'in_order'],
    ['planned', 'planned'],
    ['switched', 'switched'],
    ['open', 'open'],
    ['held', 'held'],
    ['failed', 'failed'],
    ['waived', 'waived'],
    ['unproved', 'unproved'],
    ['unminted-failed', 'unmade'],
    ['unstaged', 'unstaged'],
  ] as const)('the count of %s, the walk through them too', (selection, index) => {
    const { sql, values } = partCount('op-1', selection);
    const name = `INDEX operation_members_${index} (operation_id=?`;
    expect(plan(sql, values)).toContain(name);
    const walk = `SELECT * FROM operation_members WHERE operation_id = ? AND (position, member_id) > (?, ?) AND ${partCondition(selection)} ORDER BY position, member_id LIMIT 9`;
    expect(plan(walk, ['op-1', '1', ''])).toContain(name);
    expect(plan(walk, ['op-1', '1', ''])).not.toContain('TEMP B-TREE');
  });

  test('devices are looked for by the index of members that are no servers', () => {
    const { sql, values } = partCount('op-1', 'device');
    expect(plan(sql, values)).toContain('USING INDEX members_apart');
  });
});
