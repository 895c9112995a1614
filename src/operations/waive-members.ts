import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import { findMembers } from './find-members.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';

export interface WaivePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly members: readonly Member[];
  readonly parts: readonly OperationMember[];
}

/** Throws `unknown-member`, or `not-found` when a member has no part in an operation that runs. */
export async function planWaive(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<WaivePlan> {
  const base = await readBase(ctx, now);
  const members = await findMembers(ctx, words);
  const parts = await ctx.store.partsOf(
    members.map(({ id }) => id),
    base.pending.map(({ id }) => id),
  );
  const idle = members.find(({ id }) => !parts.some(({ memberId }) => memberId === id));
  if (idle === undefined) return { basis: base.sequence, at: now, members, parts };
  throw new ZmintError('not-found', `${idle.name} has no part in an operation that runs`, {
    hint: 'zmint status',
  });
}

/** No gate and no activation waits for these members any more; what they miss is theirs to catch up with. */
export async function executeWaive(ctx: OperationContext, plan: WaivePlan): Promise<void> {
  const details = { members: plan.members.map((member) => member.path) };
  await recordEvent(ctx, { what: 'members-waived', at: plan.at, details }, [
    {
      type: 'put-operation-members',
      members: plan.parts.map((part) => ({
        ...part,
        waived: true,
        update: part.evidence === null ? 'ignored' : part.update,
      })),
    },
  ]);
}
