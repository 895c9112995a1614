import { ZmintError } from '../errors.js';
import type { GlanceContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { inOrder } from '../zone/part-order.js';
import type { PartCursor, PartSelection } from '../zone/part-selection.js';
import { memberById, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { readBase, readBatch, type BatchNeeds } from './read-snapshot.js';

/**
 * An operation with the zone around it, as the database tells it now: without members as its head,
 * or with a batch of them and their parts.
 */
export interface OperationRun {
  readonly snapshot: ZoneSnapshot;
  readonly operation: Operation;
  readonly parts: readonly OperationMember[];
  readonly now: Instant;
}

/** The operation without its members. Throws `not-found` when there is no such operation. */
export async function loadRun(ctx: GlanceContext, id: string, now: Instant): Promise<OperationRun> {
  const operation = await ctx.store.operation(id);
  if (operation === undefined) {
    throw new ZmintError('not-found', `there is no operation "${id}"`, { hint: 'zmint status' });
  }
  return { snapshot: await readBase(ctx, now), operation, parts: [], now };
}

/** Which parts a walk goes through, and what it needs to know of their members. */
export interface PartWalk extends BatchNeeds {
  readonly selection: PartSelection;
  /** Ids of members; null: all. */
  readonly only?: ReadonlySet<string> | null;
}

/** Members with sets and certificates. */
export const EVERYTHING: BatchNeeds = { certificates: true, sets: true };
/** Members alone. */
export const MEMBERS_ALONE: BatchNeeds = { certificates: false, sets: false };

/**
 * The operation batch by batch: each run has the parts of a batch, in the order of activation, and
 * a snapshot of their members. What a batch does to the rows is not seen in the head, and no part
 * comes twice.
 */
export async function* partBatches(
  ctx: GlanceContext,
  head: OperationRun,
  walk: PartWalk,
): AsyncGenerator<OperationRun, void> {
  for await (const parts of partPages(ctx, head.operation.id, walk)) {
    const members = await ctx.store.membersById(parts.map((part) => part.memberId));
    const snapshot = await readBatch(ctx, head.snapshot, members, walk);
    yield { ...head, snapshot, parts: inOrder(parts, members) };
  }
}

async function* partPages(
  ctx: GlanceContext,
  id: string,
  walk: PartWalk,
): AsyncGenerator<readonly OperationMember[], void> {
  const limit = ctx.batchSize;
  if (walk.only !== null && walk.only !== undefined) {
    const ids = [...walk.only];
    for (let start = 0; start < ids.length; start += limit)
      yield ctx.store.partsOf(ids.slice(start, start + limit), [id]);
    return;
  }
  for (let after: PartCursor | null = null; ;) {
    const parts: readonly OperationMember[] = await ctx.store.partsAfter(id, walk.selection, {
      after,
      limit,
    });
    if (parts.length > 0) yield parts;
    const last = parts.at(-1);
    if (last === undefined || parts.length < limit) return;
    after = { order: last.order, memberId: last.memberId };
  }
}

/** The member of a part; undefined when it has been removed from the zone since. */
export function memberOf(run: OperationRun, part: OperationMember): Member | undefined {
  return memberById(run.snapshot, part.memberId);
}

/** A member whose folder zmint reaches. */
export interface ReachedMember {
  readonly member: Member;
  readonly home: string;
}

/** The member of a part with its folder; undefined when it was removed or has none. */
export function reachedMember(
  ctx: Pick<GlanceContext, 'zoneHome'>,
  run: OperationRun,
  part: OperationMember,
): ReachedMember | undefined {
  const member = memberOf(run, part);
  const home = member === undefined ? null : memberHome(ctx.zoneHome, member);
  return member === undefined || home === null ? undefined : { member, home };
}

/** The row of one of a member's sets. Throws `damaged` when a number is recorded without it. */
export function setOf(run: OperationRun, memberId: string, number: number): MemberSet {
  const found = run.snapshot.sets.get(memberId)?.find((set) => set.number === number);
  if (found !== undefined) return found;
  throw new ZmintError('damaged', `set ${number} of a member is not recorded`, {
    hint: 'zmint doctor',
  });
}

/** As `setOf`, where there may be none. */
export function findSet(
  run: OperationRun,
  memberId: string,
  number: number | null,
): MemberSet | undefined {
  if (number === null) return undefined;
  return run.snapshot.sets.get(memberId)?.find((set) => set.number === number);
}
