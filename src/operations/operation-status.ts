import type { GlanceContext } from '../ports/context.js';
import type { Gate } from '../zone/decide-gate.js';
import { decideStanding, type Standing } from '../zone/decide-standing.js';
import type { Instant } from '../zone/instant.js';
import type { MemberProblem, Operation } from '../zone/operation.js';
import { memberOf, MEMBERS_ALONE, partBatches, type OperationRun } from './operation-run.js';
import { readGate, readNamedGate } from './read-gate.js';
import { readBase } from './read-snapshot.js';

/** An operation that runs. */
export interface OperationStatus {
  readonly operation: Operation;
  readonly standing: Standing;
  readonly gate: Gate;
  /** Servers that get a new certificate, and how many of them serve it already. */
  readonly servers: number;
  readonly switched: number;
  readonly problems: readonly { readonly member: string; readonly problem: MemberProblem }[];
}

/** Whether those who are ready are named (the first thousand), or only counted, which is quicker. */
export type ReadyMembers = 'named' | 'counted';

/** How these operations stand. Their members are walked through, none is kept. */
export async function operationStatuses(
  ctx: GlanceContext,
  operations: readonly Operation[],
  { now, ready }: { readonly now: Instant; readonly ready: ReadyMembers },
): Promise<readonly OperationStatus[]> {
  const snapshot = await readBase(ctx, now);
  const statuses: OperationStatus[] = [];
  for (const operation of operations)
    statuses.push(await operationStatus(ctx, { snapshot, operation, parts: [], now }, ready));
  return statuses;
}

/** An operation that runs, with its gate and what its members said; `head` is without members. */
async function operationStatus(
  ctx: GlanceContext,
  head: OperationRun,
  ready: ReadyMembers,
): Promise<OperationStatus> {
  const { operation, now } = head;
  const { id } = operation;
  const gate = await (ready === 'named' ? readNamedGate(ctx, head) : readGate(ctx, head));
  const held = await ctx.store.countParts(id, 'held');
  return {
    operation,
    standing: decideStanding({ operation, held, gate, now }),
    gate,
    servers: await ctx.store.countParts(id, 'planned'),
    switched: await ctx.store.countParts(id, 'switched'),
    problems: await readProblems(ctx, head),
  };
}

async function readProblems(
  ctx: GlanceContext,
  head: OperationRun,
): Promise<OperationStatus['problems']> {
  const problems: { readonly member: string; readonly problem: MemberProblem }[] = [];
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'failed' })) {
    for (const part of run.parts) {
      const member = memberOf(run, part);
      if (member !== undefined && part.problem !== null)
        problems.push({ member: member.name, problem: part.problem });
    }
  }
  return problems;
}
