import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';
import { freshPart } from '../zone/fresh-part.js';
import { serverHome } from '../zone/member-home.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { trustOf } from '../zone/zone-trust.js';
import {
  activeAuthority,
  liveSet,
  nextSetNumber,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { advanceOperation } from './advance-operation.js';
import { cancelOperation } from './cancel-operation.js';
import type { ImportPlan, ImportSet } from './import-plan.js';
import { importRefusal } from './import-rows.js';
import { loadRun } from './operation-run.js';
import { ownRepoSets } from './own-repo.js';
import { pruneRequests } from './prune-requests.js';
import { readSnapshot } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { renderedFiles } from './rendered-files.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { setFiles } from './set-files.js';
import { takeAwaited } from './take-awaited.js';
import { authorityKeys } from './unlock-authority.js';

/**
 * Carries an import out as far as it goes now: the sets go into the remint-repos, an operation of the
 * same kind as a remint of servers takes them, and they are activated when its instant has come. Until
 * all sets are recorded a failure undoes everything. Returns the operation.
 *
 * Order of writes: each set into its remint-repo (`server.cer`, `key.der`, `ca.cert`); the operation
 * with a part for each server; then as for sets that a person placed there.
 *
 * While the zone changes to an external CA, the sets become the future sets of that operation instead.
 *
 * Throws `plan-outdated` when the zone has changed since the plan was made, and what refused a plan.
 */
export async function executeImport(
  ctx: OperationContext,
  plan: ImportPlan,
): Promise<OperationReport> {
  const refusal = importRefusal(plan);
  if (refusal !== undefined) throw refusal;
  const snapshot = await readSnapshot(ctx, plan.at);
  if (snapshot.sequence !== plan.basis) {
    throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
      hint: 'type the command again to see the new plan',
    });
  }
  const written: Written[] = [];
  try {
    for (const set of plan.sets) written.push(await writeToRepo(ctx, set));
    const id = await beginOperation(ctx, snapshot, plan);
    await advanceOrUndo(ctx, snapshot, id, plan);
    await pruneRequests(ctx, plan.at);
    return await reportOperation(ctx, id, plan.at);
  } catch (error) {
    if (error instanceof ZmintError) await takeBack(ctx, written);
    throw error;
  } finally {
    for (const { pkcs8 } of plan.sets) pkcs8.fill(0);
  }
}

/** What an import has put into a remint-repo, and where. */
interface Written {
  readonly home: string;
  readonly files: SetFiles;
}

async function writeToRepo(ctx: OperationContext, set: ImportSet): Promise<Written> {
  const { member, leaf, intermediates, pkcs8 } = set;
  const home = serverHome(ctx.zoneHome, member);
  const files = setFiles(ctx, {
    chain: [leaf.der, ...intermediates.map(({ der }) => der)],
    pkcs8,
    trust: await ctx.store.der(trustOf(await ctx.store.anchors())),
  });
  await ctx.homes.prepare(home);
  for (const own of await ownRepoSets(ctx, { memberId: member.id, home }))
    await ctx.homes.clearRepo(home, renderedFiles(ctx, own));
  await ctx.homes.writeRepo(home, files);
  return { home, files };
}

/** An import that failed leaves no files that a later remint would take. */
async function takeBack(ctx: OperationContext, written: readonly Written[]): Promise<void> {
  for (const { home, files } of written) {
    try {
      await ctx.homes.clearRepo(home, renderedFiles(ctx, files));
    } catch (error) {
      // What made the taking back necessary is the error to tell; doctor names what is left.
      if (!(error instanceof ZmintError)) throw error;
    }
  }
}

/** What came for a change of the CA becomes a part of that operation. */
async function beginOperation(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  plan: ImportPlan,
): Promise<string> {
  const { into, sets } = plan;
  if (into === null) return startOperation(ctx, snapshot, plan);
  const imported = new Set(sets.map(({ member }) => member.id));
  await takeAwaited(ctx, await loadRun(ctx, into.id, plan.at), { imported });
  return into.id;
}

async function startOperation(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  plan: ImportPlan,
): Promise<string> {
  const id = `op-${1 + (await ctx.store.operations()).length}`;
  const generation = activeAuthority(snapshot)?.generation ?? 0;
  const operation: Operation = {
    id,
    kind: 'server-remint',
    phase: 'preparing',
    activation: plan.activation,
    policy: 'date',
    deadline: plan.deadline,
    updateName: plan.updateName,
    updateGuid: ctx.random.uuid(),
    keepKey: plan.sets.some(({ planned }) => planned.keepKey),
    compromised: false,
    generation,
    previousGeneration: generation,
    plannedAuthority: null,
    startedBy: ctx.actor,
    startedAt: plan.at,
    endedAt: null,
  };
  const members = plan.sets.map((set) => partOf(snapshot, id, set));
  const details = { kind: 'import', servers: plan.sets.map(({ member }) => member.name) };
  await recordEvent(ctx, { what: 'import-started', at: plan.at, operationId: id, details }, [
    { type: 'put-operation', operation },
    { type: 'put-operation-members', members },
  ]);
  return id;
}

function partOf(
  snapshot: ZoneSnapshot,
  operationId: string,
  { member, planned }: ImportSet,
): OperationMember {
  return freshPart({
    operationId,
    memberId: member.id,
    order: planned.order,
    planned,
    previousSet: liveSet(snapshot, member.id)?.number ?? null,
    futureSet: nextSetNumber(snapshot, member.id),
  });
}

/** All sets are taken, or none is: one that does not fit after all undoes the others. */
async function advanceOrUndo(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  id: string,
  plan: ImportPlan,
): Promise<void> {
  const keys = authorityKeys(ctx, snapshot);
  try {
    const advance = { keys, explicit: false, atOnce: false, only: null };
    await advanceOperation(ctx, id, { ...advance, now: plan.at });
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    const run = await loadRun(ctx, id, plan.at);
    if (run.operation.phase === 'preparing') await cancelOperation(ctx, run);
    throw error;
  } finally {
    keys.close();
  }
}
