import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { decideGate } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Operation } from '../zone/operation.js';
import { refuseServerRemints } from '../zone/refuse-pending.js';
import {
  activeAuthority,
  authorityCertificate,
  liveSet,
  servers,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { loadRun } from './operation-run.js';
import { readSnapshot } from './read-snapshot.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { retireOperation } from './retire-operation.js';

export interface RetirePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly operation: Operation;
  /** Subject of the root that leaves. */
  readonly root: string;
  readonly members: number;
}

/**
 * Throws `not-found` when no CA operation is active, `operation-pending` while sets wait that still
 * hold the old root, `gate-not-satisfied` with the servers that still serve the old CA, or with the
 * members that have not proved the new trust and were not waived by name.
 */
export async function planRetire(ctx: ReadContext, now: Instant): Promise<RetirePlan> {
  const snapshot = await readSnapshot(ctx, now);
  const operation = snapshot.pending.find(
    (one) => one.kind === 'ca-remint' && (one.phase === 'active' || one.phase === 'retiring'),
  );
  if (operation === undefined || activeAuthority(snapshot) === undefined) {
    throw new ZmintError('not-found', 'there is no old CA to retire', { hint: 'zmint ca list' });
  }
  refuseServerRemints(snapshot);
  await refuseOldServers(ctx, snapshot, operation);
  const gate = decideGate(operation, snapshot.parts.get(operation.id) ?? [], snapshot.members);
  if (gate.missing.length > 0) {
    const names = gate.missing.map((one) => one.member);
    throw new ZmintError(
      'gate-not-satisfied',
      `these members have not proved that they trust the new root: ${names.join(', ')}`,
      {
        hint: `zmint update ignore ${names[0] ?? 'MEMBER'} waives one by name`,
        details: { missing: gate.missing },
      },
    );
  }
  const old = snapshot.authorities.find((one) => one.generation === operation.previousGeneration);
  const root = old === undefined ? undefined : authorityCertificate(snapshot, old);
  return {
    basis: snapshot.sequence,
    at: now,
    operation,
    root: root?.subject ?? '',
    members: snapshot.members.length,
  };
}

/** Waived or not: a server that serves the old CA would serve under no root at all. */
async function refuseOldServers(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  operation: Operation,
): Promise<void> {
  if (operation.keepKey) return;
  const names: string[] = [];
  for (const member of servers(snapshot)) {
    const leaf = liveSet(snapshot, member.id)?.leaf ?? null;
    const record = leaf === null ? undefined : await ctx.store.certificate(leaf);
    if (record?.issuerGeneration === operation.previousGeneration) names.push(member.name);
  }
  const [first] = names;
  if (first === undefined) return;
  throw new ZmintError(
    'gate-not-satisfied',
    `these servers still serve certificates of the old CA: ${names.join(', ')}`,
    { hint: `zmint ssl remint ${first}`, details: { servers: names } },
  );
}

/** Takes the old root out of the zone. Throws `partial` when a member resists. */
export async function executeRetire(
  ctx: OperationContext,
  plan: RetirePlan,
): Promise<OperationReport> {
  await retireOperation(ctx, await loadRun(ctx, plan.operation.id, plan.at));
  return reportOperation(ctx, plan.operation.id, plan.at);
}
