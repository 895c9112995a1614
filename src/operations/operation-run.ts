import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { inOrder } from '../zone/part-order.js';
import { memberById, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { readSnapshot } from './read-snapshot.js';

/** An operation with the zone around it, as the database tells it now. */
export interface OperationRun {
  readonly snapshot: ZoneSnapshot;
  readonly operation: Operation;
  readonly parts: readonly OperationMember[];
  readonly now: Instant;
}

/** Throws `not-found` when there is no such operation. */
export async function loadRun(ctx: ReadContext, id: string, now: Instant): Promise<OperationRun> {
  const operation = (await ctx.store.operations()).find((one) => one.id === id);
  if (operation === undefined) {
    throw new ZmintError('not-found', `there is no operation "${id}"`, { hint: 'zmint status' });
  }
  const snapshot = await readSnapshot(ctx, now);
  const parts = inOrder(await ctx.store.operationMembers(id), snapshot.members);
  return { snapshot, operation, parts, now };
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
  ctx: Pick<ReadContext, 'zoneHome'>,
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
