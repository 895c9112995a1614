import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { readSnapshot } from './read-snapshot.js';
import { operationStatus, type OperationStatus } from './zone-status.js';

/**
 * The gates of the operations that run, or of the one that was named. Throws `not-found` when that
 * one does not run.
 */
export async function readReadiness(
  ctx: ReadContext,
  operationId: string | null,
  now: Instant,
): Promise<readonly OperationStatus[]> {
  const snapshot = await readSnapshot(ctx, now);
  const chosen = snapshot.pending.filter(({ id }) => operationId === null || id === operationId);
  if (operationId !== null && chosen.length === 0) {
    throw new ZmintError('not-found', `no operation "${operationId}" is running`, {
      hint: 'zmint status',
    });
  }
  return chosen.map((operation) => operationStatus(snapshot, operation));
}
