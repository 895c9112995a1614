import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { CutListBuilder, MOST_LISTED, type CutList } from '../zone/cut-list.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation } from '../zone/operation.js';
import type { OperationPhase } from '../zone/operation-terms.js';
import { caOperation, liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { backupWords } from './backup-words.js';
import { chooseOperation, namedMembers, type Named } from './choose-operation.js';
import { loadRun, memberOf, partBatches, type OperationRun } from './operation-run.js';
import { PENDING_PHASES, readBase } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { isToGoBack, rollbackOperation } from './rollback-operation.js';

export interface RollbackPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  readonly servers: CutList<Member>;
  /** Ids of the members that were named; null: nobody was. */
  readonly named: ReadonlySet<string> | null;
  /** As `backupWords`. */
  readonly backup: string | null;
}

const ACTIVE = { certificates: false, sets: true, selection: 'active' } as const;

/**
 * Throws `not-found` when no operation has servers that could go back, `operation-pending` when the CA is
 * being changed since.
 */
export async function planRollback(
  ctx: ReadContext,
  request: Named,
  now: Instant,
): Promise<RollbackPlan> {
  const base = await readBase(ctx, now);
  const candidates: Operation[] = [];
  for (const operation of await withEnded(ctx)) {
    if (await canGoBack(ctx, { snapshot: base, operation, parts: [], now }))
      candidates.push(operation);
  }
  const operation = await chooseOperation(ctx, request, preferNewest(candidates, request));
  refuseUnderneath(base, operation);
  const named = await namedMembers(ctx, request);
  const head: OperationRun = { snapshot: base, operation, parts: [], now };
  const servers = await listToGoBack(ctx, head, named);
  const backup = await backupWords(ctx, operation, now);
  return { basis: base.sequence, at: now, operation, servers, named, backup };
}

/** Switches the servers back. Throws what `rollbackOperation` throws. */
export async function executeRollback(
  ctx: OperationContext,
  plan: RollbackPlan,
): Promise<OperationReport> {
  await rollbackOperation(ctx, await loadRun(ctx, plan.operation.id, plan.at), plan.named);
  return reportOperation(ctx, plan.operation.id, plan.at);
}

/** A server remint is done once it is active, and can be rolled back until the next one. */
async function withEnded(ctx: ReadContext): Promise<readonly Operation[]> {
  return (await ctx.store.operations()).filter(
    ({ kind, phase }) =>
      PENDING_PHASES.includes(phase) || (kind === 'server-remint' && phase === 'done'),
  );
}

/** Phases in which servers wait with sets that were made of those that they had when it began. */
const BUILDING: readonly OperationPhase[] = [
  'preparing',
  'prepared',
  'staging',
  'armed',
  'activating',
  'cancelling',
];

/** A server whose trust could not be staged yet would be switched to what it goes back from. */
function refuseUnderneath(base: ZoneSnapshot, { id, phase }: Operation): void {
  const above = caOperation(base);
  if (phase !== 'done' || above === undefined || !BUILDING.includes(above.phase)) return;
  throw new ZmintError(
    'operation-pending',
    `${above.id} changes the CA and builds on what ${id} gave the servers`,
    { hint: 'zmint ssl cancel, then zmint ssl rollback', details: { operation: above.id } },
  );
}

async function canGoBack(ctx: ReadContext, head: OperationRun): Promise<boolean> {
  for await (const run of partBatches(ctx, head, ACTIVE)) {
    const found = run.parts.some(
      (part) =>
        part.futureSet !== null && liveSet(run.snapshot, part.memberId)?.number === part.futureSet,
    );
    if (found) return true;
  }
  return false;
}

async function listToGoBack(
  ctx: ReadContext,
  head: OperationRun,
  only: ReadonlySet<string> | null,
): Promise<CutList<Member>> {
  const list = new CutListBuilder<Member>();
  for await (const run of partBatches(ctx, head, { ...ACTIVE, only })) {
    for (const part of run.parts.filter((one) => isToGoBack(run, one, only))) {
      const member = memberOf(run, part);
      if (member !== undefined) list.add(member);
    }
    if (head.operation.kind === 'ca-remint' && list.list().total >= MOST_LISTED) break;
  }
  const { shown, total } = list.list();
  if (shown.length < MOST_LISTED) return { shown, total };
  return { shown, total: await ctx.store.countParts(head.operation.id, 'active') };
}

/** Without a name the newest operation is meant. */
function preferNewest(candidates: readonly Operation[], named: Named): readonly Operation[] {
  if (named.operation !== undefined || named.members.length > 0) return candidates;
  return candidates.slice(-1);
}
