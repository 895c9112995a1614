import type { GlanceContext } from '../ports/context.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import type { OperationPhase } from '../zone/operation-terms.js';
import { inOrder } from '../zone/part-order.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';

/** The phases in which an operation still has something to do or to wait for. */
export const PENDING_PHASES: readonly OperationPhase[] = [
  'preparing',
  'prepared',
  'staging',
  'armed',
  'activating',
  'active',
  'retiring',
  'cancelling',
];

/**
 * Reads all that decisions are made from but the members: what is the same for every batch of them.
 * Throws what `ZoneReader` throws.
 */
export async function readBase(ctx: GlanceContext, now: Instant): Promise<ZoneSnapshot> {
  const { store } = ctx;
  const [newest] = (await store.lastEvents(1)).slice(-1);
  return {
    zone: await store.zone(),
    members: [],
    authorities: await store.authorities(),
    authorityRequests: await store.authorityRequests(),
    authorityCertificates: [
      ...(await store.certificates({ purpose: 'ca' })),
      ...(await store.certificates({ purpose: 'cross' })),
    ],
    current: new Map(),
    future: new Map(),
    sets: new Map(),
    pending: await store.operations(PENDING_PHASES),
    parts: new Map(),
    sequence: newest?.sequence ?? 0,
    now,
  };
}

/** What a batch of members needs beside the members themselves. */
export interface BatchNeeds {
  readonly certificates: boolean;
  readonly sets: boolean;
}

/** The base with a batch of members and what belongs to them; no parts. */
export async function readBatch(
  ctx: GlanceContext,
  base: ZoneSnapshot,
  members: readonly Member[],
  needs: BatchNeeds,
): Promise<ZoneSnapshot> {
  const ids = members.map((member) => member.id);
  const records = needs.certificates
    ? await ctx.store.certificatesOf(ids, ['current', 'future'])
    : [];
  return {
    ...base,
    members,
    current: byMember(records.filter((record) => record.state === 'current')),
    future: byMember(records.filter((record) => record.state === 'future')),
    sets: groupSets(needs.sets ? await ctx.store.setsOf(ids) : []),
  };
}

/** All members by path, batch by batch. */
export async function* memberBatches(
  ctx: GlanceContext,
  base: ZoneSnapshot,
  needs: BatchNeeds,
): AsyncGenerator<ZoneSnapshot, void> {
  const limit = ctx.batchSize;
  for (let after: string | null = null; ;) {
    const members: readonly Member[] = await ctx.store.membersAfter({ after, limit });
    if (members.length > 0) yield readBatch(ctx, base, members, needs);
    if (members.length < limit) return;
    after = members.at(-1)?.path ?? null;
  }
}

/** Reads everything that decisions are made from. Throws what `ZoneReader` throws. */
export async function readSnapshot(ctx: GlanceContext, now: Instant): Promise<ZoneSnapshot> {
  const { store } = ctx;
  const base = await readBase(ctx, now);
  const members = await store.members();
  const parts = new Map<string, readonly OperationMember[]>();
  for (const { id } of base.pending)
    parts.set(id, inOrder(await store.operationMembers(id), members));
  return {
    ...base,
    members,
    current: byMember(await store.certificates({ purpose: 'server', states: ['current'] })),
    future: byMember(await store.certificates({ purpose: 'server', states: ['future'] })),
    sets: groupSets(await store.sets()),
    parts,
  };
}

/** Certificates by the member that serves them. */
export function byMember(
  records: readonly CertificateRecord[],
): ReadonlyMap<string, CertificateRecord> {
  return new Map(
    records.flatMap((record) => (record.memberId === null ? [] : [[record.memberId, record]])),
  );
}

/** Sets by member, each in the order given. */
export function groupSets(sets: readonly MemberSet[]): ReadonlyMap<string, readonly MemberSet[]> {
  const groups = new Map<string, MemberSet[]>();
  for (const set of sets) {
    const group = groups.get(set.memberId);
    if (group === undefined) groups.set(set.memberId, [set]);
    else group.push(set);
  }
  return groups;
}
