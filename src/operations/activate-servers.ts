import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { decideArmed, decideGate } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import { memberById, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { advanceOperation } from './advance-operation.js';
import { chooseOperations, namedMembers, type Named } from './choose-operation.js';
import { openParts } from './finish-activation.js';
import { readSnapshot } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { authorityKeys } from './unlock-authority.js';

export interface ActivateRequest extends Named {
  /** Before the instant. */
  readonly atOnce: boolean;
}

/** What an activation will switch. */
export interface ActivationPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operations: readonly Operation[];
  readonly servers: readonly Member[];
  readonly request: ActivateRequest;
}

/**
 * Plans an activation that a person asks for. Throws `not-found` when nothing waits,
 * `gate-not-satisfied` when its instant or its gate bars it.
 */
export async function planActivation(
  ctx: ReadContext,
  request: ActivateRequest,
  now: Instant,
): Promise<ActivationPlan> {
  const snapshot = await readSnapshot(ctx, now);
  const waiting = snapshot.pending.filter(
    (one) => one.phase !== 'active' && one.phase !== 'retiring' && one.phase !== 'cancelling',
  );
  const operations = chooseOperations(snapshot, request, waiting);
  for (const operation of operations) refuseArmed(snapshot, operation, request);
  const only = namedMembers(snapshot, request);
  const ids = operations.flatMap((operation) => openMembers(snapshot, operation, only));
  const servers = ids.flatMap((id) => memberById(snapshot, id) ?? []);
  return { basis: snapshot.sequence, at: now, operations, servers, request };
}

/** Switches the servers. What fails is in the reports; it does not stop the others. */
export async function executeActivation(
  ctx: OperationContext,
  plan: ActivationPlan,
): Promise<readonly OperationReport[]> {
  const snapshot = await readSnapshot(ctx, plan.at);
  const keys = authorityKeys(ctx, snapshot);
  const reports: OperationReport[] = [];
  try {
    for (const { id } of plan.operations) {
      const only = namedMembers(snapshot, plan.request);
      const halt = await advanceOperation(ctx, id, {
        now: plan.at,
        keys,
        explicit: true,
        atOnce: plan.request.atOnce,
        only,
      });
      if (halt.why !== 'settled') throw gateError(id, halt.reason);
      reports.push(await reportOperation(ctx, id, plan.at));
    }
    return reports;
  } finally {
    keys.close();
  }
}

function openMembers(
  snapshot: ZoneSnapshot,
  operation: Operation,
  only: ReadonlySet<string> | null,
): readonly string[] {
  const parts = snapshot.parts.get(operation.id) ?? [];
  const run = { snapshot, operation, parts, now: snapshot.now };
  return openParts(run)
    .map((part) => part.memberId)
    .filter((id) => only === null || only.has(id));
}

function refuseArmed(snapshot: ZoneSnapshot, operation: Operation, request: ActivateRequest): void {
  if (operation.phase !== 'armed' && operation.phase !== 'activating') return;
  const gate = decideGate(operation, snapshot.parts.get(operation.id) ?? [], snapshot.members);
  const decision = decideArmed({
    operation,
    gate,
    now: snapshot.now,
    explicit: true,
    atOnce: request.atOnce,
  });
  if (!decision.go) throw gateError(operation.id, decision.reason);
}

function gateError(id: string, reason: string): ZmintError {
  const early = reason.includes('instant');
  return new ZmintError('gate-not-satisfied', `${id} cannot be activated: ${reason}`, {
    hint: early
      ? 'zmint ssl activate --now'
      : 'zmint update readiness; zmint update ignore MEMBER waives one',
  });
}
