import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { CutListBuilder, MOST_LISTED, type CutList } from '../zone/cut-list.js';
import { decideArmed } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { advanceOperation } from './advance-operation.js';
import { chooseOperations, namedMembers, type Named } from './choose-operation.js';
import { memberOf, MEMBERS_ALONE, partBatches, type OperationRun } from './operation-run.js';
import { readBase } from './read-snapshot.js';
import { readGate } from './read-gate.js';
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
  readonly servers: CutList<Member>;
  /** Ids of the members that were named; null: nobody was. */
  readonly named: ReadonlySet<string> | null;
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
  const base = await readBase(ctx, now);
  const waiting = base.pending.filter(
    (one) => one.phase !== 'active' && one.phase !== 'retiring' && one.phase !== 'cancelling',
  );
  const named = await namedMembers(ctx, request);
  const operations = await chooseOperations(ctx, request, named, waiting);
  const servers = new CutListBuilder<Member>();
  let total = 0;
  for (const operation of operations) {
    const head: OperationRun = { snapshot: base, operation, parts: [], now };
    await refuseArmed(ctx, head, request);
    total += await addOpen(ctx, head, named, servers);
  }
  const { shown } = servers.list();
  return { basis: base.sequence, at: now, operations, servers: { shown, total }, named, request };
}

/** Switches the servers. What fails is in the reports; it does not stop the others. */
export async function executeActivation(
  ctx: OperationContext,
  plan: ActivationPlan,
): Promise<readonly OperationReport[]> {
  const keys = authorityKeys(ctx, await readBase(ctx, plan.at));
  const reports: OperationReport[] = [];
  try {
    for (const { id } of plan.operations) {
      const halt = await advanceOperation(ctx, id, {
        now: plan.at,
        keys,
        explicit: true,
        atOnce: plan.request.atOnce,
        only: plan.named,
      });
      if (halt.why !== 'settled') throw gateError(id, halt.reason);
      reports.push(await reportOperation(ctx, id, plan.at));
    }
    return reports;
  } finally {
    keys.close();
  }
}

/** Adds the members that wait for their switch, until enough are listed; returns how many there are. */
async function addOpen(
  ctx: ReadContext,
  head: OperationRun,
  only: ReadonlySet<string> | null,
  servers: CutListBuilder<Member>,
): Promise<number> {
  let seen = 0;
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'open', only })) {
    for (const part of run.parts) {
      const member = memberOf(run, part);
      if (member === undefined || !isOpen(part)) continue;
      servers.add(member);
      seen += 1;
    }
    if (only === null && seen >= MOST_LISTED) break;
  }
  return only === null ? ctx.store.countParts(head.operation.id, 'open') : seen;
}

function isOpen(part: OperationMember): boolean {
  return part.futureSet !== null && part.evidence === null && !part.waived;
}

async function refuseArmed(
  ctx: ReadContext,
  head: OperationRun,
  request: ActivateRequest,
): Promise<void> {
  const { operation, now } = head;
  if (operation.phase !== 'armed' && operation.phase !== 'activating') return;
  const gate = await readGate(ctx, head);
  const decision = decideArmed({ operation, gate, now, explicit: true, atOnce: request.atOnce });
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
