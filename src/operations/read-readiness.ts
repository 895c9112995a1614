import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { OperationStatus } from './operation-status.js';
import { runningOperations } from './running-operations.js';

/**
 * The gates of the operations that run, or of the one that was named. Throws `not-found` when that
 * one does not run.
 */
export async function readReadiness(
  ctx: ReadContext,
  operationId: string | null,
  now: Instant,
): Promise<readonly OperationStatus[]> {
  const running = await runningOperations(ctx, now, 'named');
  const chosen = running.filter(
    ({ operation }) => operationId === null || operation.id === operationId,
  );
  if (operationId !== null && chosen.length === 0) {
    throw new ZmintError('not-found', `no operation "${operationId}" is running`, {
      hint: 'zmint status',
    });
  }
  return chosen;
}
