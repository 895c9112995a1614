import type { OperationContext, ReadContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import { liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { chooseOperation, namedMembers, type Named } from './choose-operation.js';
import { loadRun, memberOf } from './operation-run.js';
import { readSnapshot } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { isToGoBack, rollbackOperation } from './rollback-operation.js';

export interface RollbackPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  readonly servers: readonly Member[];
  readonly named: Named;
}

/** Throws `not-found` when no operation has servers that could go back. */
export async function planRollback(
  ctx: ReadContext,
  named: Named,
  now: Instant,
): Promise<RollbackPlan> {
  const snapshot = await withEnded(ctx, await readSnapshot(ctx, now));
  const candidates = snapshot.pending.filter((operation) => canGoBack(snapshot, operation));
  const operation = chooseOperation(snapshot, named, preferNewest(candidates, named));
  const run = await loadRun(ctx, operation.id, now);
  const only = namedMembers(snapshot, named);
  const chosen = run.parts.filter((part) => isToGoBack(run, part, only));
  const servers = chosen.flatMap((part) => memberOf(run, part) ?? []);
  return { basis: snapshot.sequence, at: now, operation, servers, named };
}

/** Switches the servers back. Throws what `rollbackOperation` throws. */
export async function executeRollback(
  ctx: OperationContext,
  plan: RollbackPlan,
): Promise<OperationReport> {
  const run = await loadRun(ctx, plan.operation.id, plan.at);
  await rollbackOperation(ctx, run, namedMembers(run.snapshot, plan.named));
  return reportOperation(ctx, plan.operation.id, plan.at);
}

/** A server remint is done once it is active, and can be rolled back until the next one. */
async function withEnded(ctx: ReadContext, snapshot: ZoneSnapshot): Promise<ZoneSnapshot> {
  const running = new Set(snapshot.pending.map((operation) => operation.id));
  const pending = (await ctx.store.operations()).filter(
    ({ id, kind, phase }) => running.has(id) || (kind === 'server-remint' && phase === 'done'),
  );
  const parts = new Map(snapshot.parts);
  for (const { id } of pending) parts.set(id, await ctx.store.operationMembers(id));
  return { ...snapshot, pending, parts };
}

function canGoBack(snapshot: ZoneSnapshot, operation: Operation): boolean {
  const parts = snapshot.parts.get(operation.id) ?? [];
  return parts.some(
    (part) =>
      part.evidence !== null &&
      part.futureSet !== null &&
      liveSet(snapshot, part.memberId)?.number === part.futureSet,
  );
}

/** Without a name the newest operation is meant. */
function preferNewest(candidates: readonly Operation[], named: Named): readonly Operation[] {
  if (named.operation !== undefined || named.members.length > 0) return candidates;
  return candidates.slice(-1);
}
