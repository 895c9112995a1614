import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { decideArmed, decideGate, type ArmedDecision } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import { isServer } from '../zone/member.js';
import { activateOperation, isToActivate } from './activate-operation.js';
import { cancelOperation } from './cancel-operation.js';
import { openParts } from './finish-activation.js';
import { loadRun, memberOf, type OperationRun } from './operation-run.js';
import { mintMissing, prepareOperation } from './prepare-operation.js';
import { recordEvent } from './record-event.js';
import { retireOperation } from './retire-operation.js';
import { finishRollback } from './rollback-operation.js';
import { stageMembers, stageOperation } from './stage-operation.js';
import type { AuthorityKeys } from './unlock-authority.js';

/** How far an operation may be moved on, and by whom. */
export interface Advance {
  readonly now: Instant;
  readonly keys: AuthorityKeys;
  /** A person asks for the activation; the clock does not count as one. */
  readonly explicit: boolean;
  /** `--now`: activate before the instant. */
  readonly atOnce: boolean;
  /** Ids of the members that a person named; null: all. */
  readonly only: ReadonlySet<string> | null;
}

/** Why an operation was left where it is. */
export type Halt =
  | { readonly why: 'settled' }
  | { readonly why: 'waiting' | 'gate-not-satisfied'; readonly reason: string };

/**
 * Moves an operation on until it waits for the clock, the gate or a person. It is also the recovery:
 * each phase starts from what is recorded and observed, whatever a crash has left (I-11).
 */
export async function advanceOperation(
  ctx: OperationContext,
  id: string,
  advance: Advance,
): Promise<Halt> {
  let run = await loadRun(ctx, id, advance.now);
  if (run.operation.phase === 'preparing') {
    await prepareOperation(ctx, run, advance.keys);
    run = await loadRun(ctx, id, advance.now);
  }
  if (run.operation.phase === 'prepared' && run.operation.kind === 'server-remint') {
    await arm(ctx, run);
    run = await loadRun(ctx, id, advance.now);
  }
  if (run.operation.phase === 'prepared' || run.operation.phase === 'staging') {
    await stageOperation(ctx, run);
    run = await loadRun(ctx, id, advance.now);
  }
  return advanceFurther(ctx, run, advance);
}

async function advanceFurther(
  ctx: OperationContext,
  run: OperationRun,
  advance: Advance,
): Promise<Halt> {
  const { phase } = run.operation;
  if (phase === 'armed') return advanceArmed(ctx, run, advance);
  if (phase === 'activating') return advanceActivating(ctx, run, advance);
  if (phase === 'cancelling') await cancelOperation(ctx, run);
  if (phase === 'retiring') await retireOperation(ctx, run);
  return { why: 'settled' };
}

async function advanceArmed(
  ctx: OperationContext,
  armed: OperationRun,
  advance: Advance,
): Promise<Halt> {
  const run = await tryAgain(ctx, armed, advance);
  const decision = decide(run, advance);
  if (!decision.go) return { why: decision.code, reason: decision.reason };
  await activateOperation(ctx, run, scopeOf(run, advance));
  return { why: 'settled' };
}

/** A person who names nobody means everybody, also those that were rolled back; the clock does not. */
function scopeOf(run: OperationRun, advance: Advance): ReadonlySet<string> | null {
  if (advance.only !== null || !advance.explicit) return advance.only;
  return new Set(openParts(run).map((part) => part.memberId));
}

function decide(run: OperationRun, advance: Advance): ArmedDecision {
  const { operation, parts, snapshot, now } = run;
  const gate = decideGate(operation, parts, snapshot.members);
  const { explicit, atOnce } = advance;
  return decideArmed({ operation, gate, now, explicit, atOnce });
}

/**
 * A person may have activated some servers before the instant: the clock finishes those and leaves
 * the others until then (I-12).
 */
async function advanceActivating(
  ctx: OperationContext,
  begun: OperationRun,
  advance: Advance,
): Promise<Halt> {
  await finishRollback(ctx, begun);
  const run = await tryAgain(ctx, await loadRun(ctx, begun.operation.id, begun.now), advance);
  if (run.operation.phase !== 'activating') return { why: 'settled' };
  const decision = decide(run, advance);
  const only = decision.go ? scopeOf(run, advance) : begunMembers(run);
  const idle = !run.parts.some((part) => isToActivate(part, only)) && openParts(run).length > 0;
  if (!idle) await activateOperation(ctx, run, only);
  return decision.go ? { why: 'settled' } : { why: decision.code, reason: decision.reason };
}

/** Members whose switch was recorded and has not been seen to end. */
function begunMembers(run: OperationRun): ReadonlySet<string> {
  const begun = run.parts.filter(
    (part) => part.target !== null && part.target === part.futureSet && !part.held,
  );
  return new Set(begun.map((part) => part.memberId));
}

/** What failed before its turn is tried again: certificates that could not be made, trust that could not be staged. */
async function tryAgain(
  ctx: OperationContext,
  run: OperationRun,
  advance: Advance,
): Promise<OperationRun> {
  const unmade = run.parts.some((part) => part.creation === 'creating-certificate-failed');
  if (unmade) await mintAgain(ctx, run, advance);
  const unstaged = run.operation.kind === 'ca-remint' && run.operation.phase === 'armed';
  if (unstaged) await stageMembers(ctx, await loadRun(ctx, run.operation.id, run.now));
  return loadRun(ctx, run.operation.id, run.now);
}

/** Cron has no passphrase at hand: then these servers wait for somebody who has. */
async function mintAgain(
  ctx: OperationContext,
  run: OperationRun,
  advance: Advance,
): Promise<void> {
  try {
    await mintMissing(ctx, run, advance.keys);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'question-unanswered') throw error;
  }
}

async function arm(ctx: OperationContext, run: OperationRun): Promise<void> {
  const parts = run.parts.filter((part) => part.update === 'not-assigned');
  const { operation, now } = run;
  await recordEvent(
    ctx,
    {
      what: 'operation-armed',
      at: now,
      operationId: operation.id,
      details: { activation: operation.activation },
    },
    [
      { type: 'put-operation', operation: { ...operation, phase: 'armed' } },
      {
        type: 'put-operation-members',
        members: parts.map((part) => {
          const member = memberOf(run, part);
          return {
            ...part,
            update:
              member !== undefined && isServer(member)
                ? 'pending-certificate-activation'
                : part.update,
          };
        }),
      },
    ],
  );
}
