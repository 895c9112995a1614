import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { advanceOperation, type Halt } from './advance-operation.js';
import { cancelOperation } from './cancel-operation.js';
import { finishCrls } from './finish-crls.js';
import { finishFirstSets } from './finish-first-sets.js';
import { finishPlacedSets } from './finish-placed-sets.js';
import { loadRun } from './operation-run.js';
import { pruneRequests } from './prune-requests.js';
import { readBase } from './read-snapshot.js';
import { repairTrust } from './repair-trust.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { settleCaMove } from './settle-ca-move.js';
import { authorityKeys, type AuthorityKeys } from './unlock-authority.js';

/** What a run of `ssl resume` did with one operation. */
export interface Resumed {
  readonly report: OperationReport;
  readonly halt: Halt | { readonly why: 'undone' };
  /** Whether anything has changed. */
  readonly moved: boolean;
}

/**
 * Moves every operation on as far as the clock and the gates allow, finishes what a crash
 * interrupted, and undoes what cannot be finished because no passphrase is at hand; a trust store
 * that is not what is recorded is rendered again. Cron calls it; with nothing to do it writes
 * nothing. What fails does not keep the rest from being done: the first failure is thrown at the end.
 */
export async function resumeOperations(
  ctx: OperationContext,
  now: Instant,
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
      await collect(failures, async () => {
        const before = await newestEvent(ctx);
        const halt = await resumeOne(ctx, id, { now, keys });
        const moved = (await newestEvent(ctx)) !== before;
        resumed.push({ report: await reportOperation(ctx, id, now), halt, moved });
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

async function resumeOne(
  ctx: OperationContext,
  id: string,
  by: { readonly now: Instant; readonly keys: AuthorityKeys },
): Promise<Resumed['halt']> {
  try {
    return await advanceOperation(ctx, id, { ...by, explicit: false, atOnce: false, only: null });
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    const run = await loadRun(ctx, id, by.now);
    if (run.operation.phase !== 'preparing' || error.code === 'bug') throw error;
    await cancelOperation(ctx, run);
    return { why: 'undone' };
  }
}

async function newestEvent(ctx: OperationContext): Promise<number> {
  return (await ctx.store.lastEvents(1)).at(-1)?.sequence ?? 0;
}
