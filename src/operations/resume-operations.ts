import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { finishCrls } from './finish-crls.js';
import { finishFirstSets } from './finish-first-sets.js';
import { finishPlacedSets } from './finish-placed-sets.js';
import { pruneRequests } from './prune-requests.js';
import { readBase } from './read-snapshot.js';
import { repairTrust } from './repair-trust.js';
import type { Resumed, WaitingOperations } from './resume-operation.js';
import { settleCaMove } from './settle-ca-move.js';
import { authorityKeys } from './unlock-authority.js';

/**
 * Moves every operation on as far as the clock and the gates allow, finishes what a crash
 * interrupted, and undoes what cannot be finished because no passphrase is at hand; a trust store
 * that is not what is recorded is rendered again. Cron calls it; with nothing to do it writes
 * nothing. What fails does not keep the rest from being done: the first failure is thrown at the end.
 *
 * @param waiting - whether operations that have not moved and only wait for their instant, with no
 *   member that failed, are in the answer
 */
export async function resumeOperations(
  ctx: OperationContext,
  now: Instant,
  waiting: WaitingOperations = 'reported',
): Promise<readonly Resumed[]> {
  const failures: ZmintError[] = [];
  await collect(failures, () => settleCaMove(ctx, now));
  await collect(failures, () => finishFirstSets(ctx, now));
  await collect(failures, () => finishPlacedSets(ctx, now));
  const snapshot = await readBase(ctx, now);
  const keys = authorityKeys(ctx, snapshot);
  const resumed: Resumed[] = [];
  try {
    for (const { id, phase } of snapshot.pending) {
      if (phase === 'active') continue;
      // Cron comes every minute, and there seldom is one.
      const { resumeOperation } = await import('./resume-operation.js');
      await collect(failures, async () => {
        const one = await resumeOperation(ctx, id, { now, keys, waiting });
        if (one !== undefined) resumed.push(one);
      });
    }
    await collect(failures, () => repairTrust(ctx));
    await collect(failures, () => finishCrls(ctx, keys, now));
    await collect(failures, () => pruneRequests(ctx, now));
  } finally {
    keys.close();
  }
  const [first] = failures;
  if (first !== undefined) throw first;
  return resumed;
}

async function collect(failures: ZmintError[], work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    failures.push(error);
  }
}
