import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { authorityRoot } from '../zone/authority.js';
import { MOST_LISTED } from '../zone/cut-list.js';
import type { Gate } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Operation } from '../zone/operation.js';
import { refuseServerRemints } from '../zone/refuse-pending.js';
import { activeAuthority } from '../zone/zone-snapshot.js';
import { backupWords } from './backup-words.js';
import { loadRun } from './operation-run.js';
import { readGate } from './read-gate.js';
import { readBase } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { retireOperation } from './retire-operation.js';

export interface RetirePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  /** Subject of the root that leaves; of the CA alone where the root above it stays. */
  readonly root: string;
  readonly rootStays: boolean;
  readonly members: number;
  /** As `backupWords`. */
  readonly backup: string | null;
}

/**
 * Throws `not-found` when no CA operation is active, `operation-pending` while sets wait that still
 * hold the old root, `gate-not-satisfied` with the servers that still serve the old CA, or with the
 * members that have not proved the new trust and were not waived by name.
 */
export async function planRetire(ctx: ReadContext, now: Instant): Promise<RetirePlan> {
  const snapshot = await readBase(ctx, now);
  const operation = snapshot.pending.find(
    (one) => one.kind === 'ca-remint' && (one.phase === 'active' || one.phase === 'retiring'),
  );
  const active = activeAuthority(snapshot);
  if (operation === undefined || active === undefined) {
    throw new ZmintError('not-found', 'there is no old CA to retire', { hint: 'zmint ca list' });
  }
  refuseServerRemints(snapshot);
  await refuseOldServers(ctx, operation);
  refuseUnproved(await readGate(ctx, { snapshot, operation, parts: [], now }));
  const old = snapshot.authorities.find((one) => one.generation === operation.previousGeneration);
  const rootStays = old !== undefined && authorityRoot(old) === authorityRoot(active);
  const leaving = old === undefined || rootStays ? old?.certificate : authorityRoot(old);
  const root = snapshot.authorityCertificates.find(({ fingerprint }) => fingerprint === leaving);
  return {
    basis: snapshot.sequence,
    at: now,
    operation,
    root: root?.subject ?? '',
    rootStays,
    members: await ctx.store.countMembers(),
    backup: await backupWords(ctx, operation, now),
  };
}

function refuseUnproved({ missing, totals }: Gate): void {
  const [first] = missing;
  if (first === undefined) return;
  const names = missing.map((one) => one.member);
  throw new ZmintError(
    'gate-not-satisfied',
    `these members have not proved that they trust the new root: ${namesOf(names, totals.missing)}`,
    { hint: `zmint update ignore ${first.member} waives one by name`, details: { missing } },
  );
}

/** Waived or not: a server that serves the old CA would serve under no root at all. */
async function refuseOldServers(ctx: ReadContext, operation: Operation): Promise<void> {
  if (operation.keepKey) return;
  const old = await ctx.store.currentOf(operation.previousGeneration, MOST_LISTED);
  const members = await ctx.store.membersById(old.flatMap(({ memberId }) => memberId ?? []));
  const names = members.map(({ name }) => name);
  const [first] = names;
  if (first === undefined) return;
  throw new ZmintError(
    'gate-not-satisfied',
    `these servers still serve certificates of the old CA: ${namesOf(names, names.length)}`,
    { hint: `zmint ssl remint ${first}`, details: { servers: names } },
  );
}

/** An error names so many. */
const MOST_NAMES = 20;

function namesOf(names: readonly string[], total: number): string {
  const shown = names.slice(0, MOST_NAMES);
  const more = total - shown.length;
  return `${shown.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

/** Takes the old root out of the zone. Throws `partial` when a member resists. */
export async function executeRetire(
  ctx: OperationContext,
  plan: RetirePlan,
): Promise<OperationReport> {
  await retireOperation(ctx, await loadRun(ctx, plan.operation.id, plan.at));
  return reportOperation(ctx, plan.operation.id, plan.at);
}
