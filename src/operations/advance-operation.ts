import type { OperationContext } from '../ports/context.js';
import { isToActivate, namedIds, type ActivationScope } from '../zone/activation-scope.js';
import type { ChangeStream } from '../zone/change.js';
import {
  decideArmed,
  EMPTY_GATE,
  isGateMandatory,
  type ArmedDecision,
} from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import { isServer } from '../zone/member.js';
import { activateOperation } from './activate-operation.js';
import { cancelOperation } from './cancel-operation.js';
import { isKeyOutOfReach } from './is-key-out-of-reach.js';
import {
  loadRun,
  memberOf,
  MEMBERS_ALONE,
  partBatches,
  type OperationRun,
} from './operation-run.js';
import { mintMissing, prepareOperation } from './prepare-operation.js';
import { readGate, readWholeGate } from './read-gate.js';
import { recordEvent } from './record-event.js';
import { retireOperation } from './retire-operation.js';
import { finishRollback } from './rollback-operation.js';
import { stageMembers, stageOperation } from './stage-operation.js';
import { takeAwaited } from './take-awaited.js';
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
  let mintedHere = false;
  if (run.operation.phase === 'preparing') {
    mintedHere = await prepareOperation(ctx, run, advance.keys);
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
  return advanceFurther(ctx, run, { ...advance, mintedHere });
}

/** As asked for, with what this run has done already. */
interface Progression extends Advance {
  /** Every future set was minted by this run. */
  readonly mintedHere: boolean;
}

async function advanceFurther(
  ctx: OperationContext,
  run: OperationRun,
  advance: Progression,
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
  advance: Progression,
): Promise<Halt> {
  await tryAgain(ctx, armed, advance);
  const decision = await decide(ctx, armed, advance);
  if (!decision.go) return { why: decision.code, reason: decision.reason };
  await activateOperation(ctx, armed, scopeOf(advance), advance.mintedHere);
  return { why: 'settled' };
}

/** A person who names nobody means everybody, also those that were rolled back; the clock does not. */
function scopeOf({ only, explicit }: Advance): ActivationScope {
  if (only !== null) return { who: 'named', ids: only };
  return { who: explicit ? 'open' : 'unheld' };
}

/**
 * The gate as it is counted says no at once; it says yes only when every part was read and checked,
 * where anything depends on it.
 */
async function decide(
  ctx: OperationContext,
  run: OperationRun,
  advance: Advance,
): Promise<ArmedDecision> {
  const { operation, now } = run;
  const { explicit, atOnce } = advance;
  const question = { operation, now, explicit, atOnce };
  const early = decideArmed({ ...question, gate: EMPTY_GATE });
  if (!early.go) return early;
  if (!isGateMandatory(question)) return early;
  const counted = decideArmed({ ...question, gate: await readGate(ctx, run) });
  if (!counted.go) return counted;
  return decideArmed({ ...question, gate: await readWholeGate(ctx, run) });
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
  const { id } = begun.operation;
  await finishRollback(ctx, begun);
  await tryAgain(ctx, await loadRun(ctx, id, begun.now), advance);
  const run = await loadRun(ctx, id, begun.now);
  if (run.operation.phase !== 'activating') return { why: 'settled' };
  const decision = await decide(ctx, run, advance);
  const scope: ActivationScope = decision.go ? scopeOf(advance) : { who: 'begun' };
  if (!(await isIdle(ctx, run, scope))) await activateOperation(ctx, run, scope);
  return decision.go ? { why: 'settled' } : { why: decision.code, reason: decision.reason };
}

/** Whether nobody is to be switched though some are open: then nothing must be written. */
async function isIdle(
  ctx: OperationContext,
  run: OperationRun,
  scope: ActivationScope,
): Promise<boolean> {
  let open = false;
  const walk = { ...MEMBERS_ALONE, selection: 'open', only: namedIds(scope) } as const;
  for await (const batch of partBatches(ctx, run, walk)) {
    if (batch.parts.some((part) => isToActivate(part, scope))) return false;
    open = true;
  }
  return open || (await ctx.store.countParts(run.operation.id, 'open')) > 0;
}

/** What failed before its turn is tried again: certificates that could not be made, trust that could not be staged. */
async function tryAgain(ctx: OperationContext, run: OperationRun, advance: Advance): Promise<void> {
  const { operation } = run;
  const unmade = await ctx.store.countParts(operation.id, 'unminted-failed');
  if (unmade > 0) await mintAgain(ctx, run, advance);
  await takeAwaited(ctx, run);
  if (operation.kind === 'ca-remint' && operation.phase === 'armed') await stageMembers(ctx, run);
}

/** Cron has no passphrase at hand: then these servers wait for somebody who has. */
async function mintAgain(
  ctx: OperationContext,
  run: OperationRun,
  advance: Advance,
): Promise<void> {
  try {
    await mintMissing(ctx, run, advance.keys, 'unminted-failed');
  } catch (error) {
    if (!isKeyOutOfReach(error)) throw error;
  }
}

async function arm(ctx: OperationContext, head: OperationRun): Promise<void> {
  const { operation, now } = head;
  const what = 'operation-armed';
  const details = { activation: operation.activation };
  const entry = { what, at: now, operationId: operation.id, details };
  await recordEvent(ctx, entry, armingChanges(ctx, head));
}

async function* armingChanges(ctx: OperationContext, head: OperationRun): ChangeStream {
  const walk = { ...MEMBERS_ALONE, selection: 'unassigned' } as const;
  for await (const run of partBatches(ctx, head, walk)) {
    const servers = run.parts.filter((part) => {
      const member = memberOf(run, part);
      return member !== undefined && isServer(member);
    });
    const update = 'pending-certificate-activation';
    yield { type: 'put-operation-members', members: servers.map((part) => ({ ...part, update })) };
  }
  yield { type: 'put-operation', operation: { ...head.operation, phase: 'armed' } };
}
