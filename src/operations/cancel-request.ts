import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { MINUTE, renderInstant, type Instant } from '../zone/instant.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { cancelOperation } from './cancel-operation.js';
import { chooseOperation, type Named } from './choose-operation.js';
import { loadRun } from './operation-run.js';
import { readSnapshot } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';

/** Cancel is possible until so long before the activation (the manuals' ten minutes). */
const LEAD = 10 * MINUTE;

export interface CancelPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  /** How many servers go back to what they had. */
  readonly servers: number;
}

/** Throws `not-found` when nothing can be cancelled, `too-late` within ten minutes of activation or after it. */
export async function planCancel(
  ctx: ReadContext,
  named: Named,
  now: Instant,
): Promise<CancelPlan> {
  const snapshot = await readSnapshot(ctx, now);
  const operation = chooseOperation(snapshot, named, snapshot.pending);
  const parts = snapshot.parts.get(operation.id) ?? [];
  refuseLate(operation, parts, now);
  return {
    basis: snapshot.sequence,
    at: now,
    operation,
    servers: parts.filter((part) => part.planned !== null).length,
  };
}

/** Restores the state from before. Throws `partial` when a member could not be put back. */
export async function executeCancel(
  ctx: OperationContext,
  plan: CancelPlan,
): Promise<OperationReport> {
  await cancelOperation(ctx, await loadRun(ctx, plan.operation.id, plan.at));
  return reportOperation(ctx, plan.operation.id, plan.at);
}

/** I-12, I-13 and the rules of `zone.md`: while a server serves the new certificate, the way back is rollback. */
function refuseLate(operation: Operation, parts: readonly OperationMember[], now: Instant): void {
  const active = parts.some((part) => part.evidence !== null);
  const over = operation.phase === 'active' || operation.phase === 'retiring';
  if (active || over) {
    throw new ZmintError(
      'too-late',
      `${operation.id} has been activated and cannot be cancelled any more`,
      {
        hint: operation.phase === 'retiring' ? 'zmint ssl resume' : 'zmint ssl rollback',
      },
    );
  }
  const { activation, phase } = operation;
  const soon = activation.when === 'at' && now > activation.instant - LEAD;
  if (soon && (phase === 'armed' || phase === 'staging')) {
    throw new ZmintError(
      'too-late',
      `${operation.id} is activated at ${renderInstant(activation.instant)}: it can be cancelled until ten minutes before`,
      { hint: 'zmint ssl activate --now, then zmint ssl rollback' },
    );
  }
}
