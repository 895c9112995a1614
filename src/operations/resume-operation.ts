import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { advanceOperation, type Halt } from './advance-operation.js';
import { cancelOperation } from './cancel-operation.js';
import { loadRun } from './operation-run.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** What a run of `ssl resume` did with one operation. */
export interface Resumed {
  readonly report: OperationReport;
  readonly halt: Halt | { readonly why: 'undone' };
  /** Whether anything has changed. */
  readonly moved: boolean;
}

/** Whether operations that only wait for their instant are told of, which costs as much as the rest. */
export type WaitingOperations = 'reported' | 'left-out';

interface Circumstances {
  readonly now: Instant;
  readonly keys: AuthorityKeys;
  readonly waiting: WaitingOperations;
}

/**
 * Moves one operation on as `resumeOperations` says, and tells what came of it; undefined for one
 * that is left out.
 */
export async function resumeOperation(
  ctx: OperationContext,
  id: string,
  by: Circumstances,
): Promise<Resumed | undefined> {
  const before = await newestEvent(ctx);
  const halt = await moveOn(ctx, id, by);
  const moved = (await newestEvent(ctx)) !== before;
  if (by.waiting === 'left-out' && !moved && (await onlyWaits(ctx, id, halt))) return undefined;
  return { report: await reportOperation(ctx, id, by.now), halt, moved };
}

async function onlyWaits(
  ctx: OperationContext,
  id: string,
  { why }: Resumed['halt'],
): Promise<boolean> {
  return why === 'waiting' && (await ctx.store.countParts(id, 'failed')) === 0;
}

/**
 * Moves an operation on, or undoes it when it was cut short while it was made and cannot be finished.
 * Throws what `advanceOperation` throws.
 */
async function moveOn(
  ctx: OperationContext,
  id: string,
  by: Circumstances,
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
