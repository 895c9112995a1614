import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { MINUTE, renderInstant, type Instant } from '../zone/instant.js';
import type { Operation } from '../zone/operation.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { backupWords } from './backup-words.js';
import { cancelOperation } from './cancel-operation.js';
import { chooseOperation, type Named } from './choose-operation.js';
import { readGate } from './read-gate.js';
import { loadRun } from './operation-run.js';
import { readBase } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';

/** Cancel is possible until so long before the activation (the manuals' ten minutes). */
const LEAD = 10 * MINUTE;

export interface CancelPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  /** How many servers go back to what they had. */
  readonly servers: number;
  /** As `backupWords`. */
  readonly backup: string | null;
}

/** Throws `not-found` when nothing can be cancelled, `too-late` within ten minutes of activation or after it. */
export async function planCancel(
  ctx: ReadContext,
  named: Named,
  now: Instant,
): Promise<CancelPlan> {
  const base = await readBase(ctx, now);
  const operation = await chooseOperation(ctx, named, base.pending);
  const active = await ctx.store.countParts(operation.id, 'active');
  refuseLate(operation, { active, barred: await isBarred(ctx, base, operation), now });
  await refuseNewcomers(ctx, operation);
  return {
    basis: base.sequence,
    at: now,
    operation,
    servers: await ctx.store.countParts(operation.id, 'planned'),
    backup: await backupWords(ctx, operation, now),
  };
}

/**
 * A server that was added while the new CA was active knows only that one: with the new root gone it
 * would serve under none.
 */
async function refuseNewcomers(ctx: ReadContext, operation: Operation): Promise<void> {
  const { id, kind, generation, keepKey } = operation;
  if (kind !== 'ca-remint' || keepKey) return;
  const [newcomer] = await ctx.store.currentOf(generation, 1);
  if (newcomer === undefined) return;
  const [member] = await ctx.store.membersById([newcomer.memberId ?? '']);
  const name = member?.name ?? newcomer.subject;
  throw new ZmintError('too-late', `${id} cannot be cancelled: ${name} was added under its CA`, {
    hint: `zmint ssl activate, or zmint server remove ${name}`,
  });
}

/** Restores the state from before. Throws `partial` when a member could not be put back. */
export async function executeCancel(
  ctx: OperationContext,
  plan: CancelPlan,
): Promise<OperationReport> {
  await cancelOperation(ctx, await loadRun(ctx, plan.operation.id, plan.at));
  return reportOperation(ctx, plan.operation.id, plan.at);
}

/** Whether a gate that may not be passed keeps the activation from coming at its instant. */
async function isBarred(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  operation: Operation,
): Promise<boolean> {
  if (operation.policy !== 'gate') return false;
  const { totals } = await readGate(ctx, { snapshot, operation, parts: [], now: snapshot.now });
  return totals.missing > 0;
}

/** When servers are switched, as far as that is known; while a gate bars it, at the last safe moment. */
function comesAt({ activation, deadline }: Operation, barred: boolean): Instant | null {
  if (barred) return deadline;
  return activation.when === 'at' ? activation.instant : null;
}

interface Lateness {
  /** How many servers serve the new certificate. */
  readonly active: number;
  readonly barred: boolean;
  readonly now: Instant;
}

/** I-12, I-13 and the rules of `zone.md`: while a server serves the new certificate, the way back is rollback. */
function refuseLate(operation: Operation, { active, barred, now }: Lateness): void {
  const over = operation.phase === 'active' || operation.phase === 'retiring';
  if (active > 0 || over) {
    throw new ZmintError(
      'too-late',
      `${operation.id} has been activated and cannot be cancelled any more`,
      {
        hint: operation.phase === 'retiring' ? 'zmint ssl resume' : 'zmint ssl rollback',
      },
    );
  }
  const { phase } = operation;
  const comes = comesAt(operation, barred);
  const soon = comes !== null && now > comes - LEAD;
  if (soon && (phase === 'armed' || phase === 'staging')) {
    throw new ZmintError(
      'too-late',
      `${operation.id} is activated at ${renderInstant(comes)}: it can be cancelled until ten minutes before`,
      { hint: 'zmint ssl activate --now, then zmint ssl rollback' },
    );
  }
}
