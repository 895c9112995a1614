import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { findMember } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { readSnapshot } from './read-snapshot.js';
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
  const snapshot = await readSnapshot(ctx, now);
  const members = words.map((word) => findMember(snapshot.members, word));
  const parts = members.flatMap((member) => partsOf(snapshot, member));
  return { basis: snapshot.sequence, at: now, members, parts };
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

function partsOf(snapshot: ZoneSnapshot, member: Member): readonly OperationMember[] {
  const parts = [...snapshot.parts.values()].flat().filter((part) => part.memberId === member.id);
  if (parts.length > 0) return parts;
  throw new ZmintError('not-found', `${member.name} has no part in an operation that runs`, {
    hint: 'zmint status',
  });
}
