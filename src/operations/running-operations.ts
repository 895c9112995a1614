import type { GlanceContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { OperationStatus, ReadyMembers } from './operation-status.js';
import { PENDING_PHASES } from './read-snapshot.js';

/** Operations that run, oldest first. What looks at them is loaded when there are any. */
export async function runningOperations(
  ctx: GlanceContext,
  now: Instant,
  ready: ReadyMembers,
): Promise<readonly OperationStatus[]> {
  const pending = await ctx.store.operations(PENDING_PHASES);
  if (pending.length === 0) return [];
  const { operationStatuses } = await import('./operation-status.js');
  return operationStatuses(ctx, pending, { now, ready });
}
