import type { ReadContext } from '../ports/context.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { PENDING_PHASES } from './read-snapshot.js';

/** A member's part in an operation that runs. */
export interface RunningPart {
  readonly operation: Operation;
  readonly part: OperationMember;
}

/** The parts of these members in the newest operation that runs and has one for them, by member id. */
export async function newestParts(
  ctx: Pick<ReadContext, 'store'>,
  memberIds: readonly string[],
): Promise<ReadonlyMap<string, RunningPart>> {
  const found = new Map<string, RunningPart>();
  const pending = await ctx.store.operations(PENDING_PHASES);
  for (const operation of pending) {
    const parts = await ctx.store.partsOf(memberIds, [operation.id]);
    for (const part of parts) found.set(part.memberId, { operation, part });
  }
  return found;
}
