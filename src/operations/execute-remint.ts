import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { activationOrder } from '../zone/activation-order.js';
import type { Unlock } from '../ports/key-vault.js';
import { keepsTrust } from '../zone/ca-change.js';
import type { Change, ChangeStream } from '../zone/change.js';
import { draftRemint, planBatch } from '../zone/decide-remint.js';
import { freshPart } from '../zone/fresh-part.js';
import { parseKeyUri } from '../zone/key-uri.js';
import { memberHome } from '../zone/member-home.js';
import { isServer, type Member } from '../zone/member.js';
import { needsOldKey } from '../zone/needs-old-key.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { PlannedServer, RemintPlan } from '../zone/remint-plan.js';
import {
  activeAuthority,
  liveSet,
  nextSetNumber,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { advanceOperation } from './advance-operation.js';
import { cancelOperation } from './cancel-operation.js';
import { EVERYTHING, loadRun } from './operation-run.js';
import { readBase } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { remintBatches } from './remint-batches.js';
import { requireFreshBackup } from './require-fresh-backup.js';
import { reportOperation, type OperationReport } from './report-operation.js';
import { authorityKeys, type AuthorityKeys } from './unlock-authority.js';

/**
 * Carries a remint plan out as far as it goes now: records it, mints, stages, and activates when
 * its instant has come. What waits is moved on by `ssl resume`. Until everything is minted a failure
 * undoes all of it.
 *
 * Throws `plan-outdated` when the zone has changed since the plan was made, `policy` when the request
 * asks for a fresh backup and there is none, `wrong-passphrase` before anything is written, and what made every server fail.
 *
 * @param beginning - what a change of the CA begins with; nothing for a remint
 */
export async function executeRemint(
  ctx: OperationContext,
  plan: RemintPlan,
  { beside, unlock }: Beginning = REMINT,
): Promise<OperationReport> {
  const snapshot = await readBase(ctx, plan.at);
  if (snapshot.sequence !== plan.basis) {
    throw new ZmintError('plan-outdated', 'the zone has changed since this plan was made', {
      hint: 'type the command again to see the new plan',
    });
  }
  if (plan.request.freshBackup === true) await requireFreshBackup(ctx, plan.at);
  const keys = authorityKeys(ctx, snapshot, unlock);
  try {
    await unlockFirst(keys, snapshot, plan);
    await unlockToken(ctx, plan);
    const operation = await startOperation(ctx, snapshot, { plan, beside });
    await advanceOrUndo(ctx, operation, plan, keys);
    return await reportOperation(ctx, operation.id, plan.at);
  } finally {
    keys.close();
  }
}

/** What a change of the CA brings along. */
export interface Beginning {
  /** Recorded with the operation of that id, in one transaction. */
  readonly beside: (operationId: string) => readonly Change[];
  /** What the key of the new CA is locked with. */
  readonly unlock?: Unlock;
}

const REMINT: Beginning = { beside: () => [] };

/**
 * A wrong passphrase must show before the first write (I-21). For a successor that the key of today
 * vouches for in nothing, only what the new key is locked with is asked for.
 */
async function unlockFirst(
  keys: AuthorityKeys,
  snapshot: ZoneSnapshot,
  { request, authority }: RemintPlan,
): Promise<void> {
  if (request.change !== undefined) return;
  if (authority !== null && !needsOldKey(authority)) {
    if (authority.token === undefined) await keys.lock();
    return;
  }
  const active = activeAuthority(snapshot);
  if (active === undefined) throw noActiveAuthority(snapshot);
  await keys.signer(active);
}

/** The token of the next key too. */
async function unlockToken(
  ctx: OperationContext,
  { authority }: Pick<RemintPlan, 'authority'>,
): Promise<void> {
  if (authority?.token === undefined) return;
  const { uri } = parseKeyUri(authority.token.uri);
  await ctx.tokens.unlock(uri, () => ctx.pin.read(uri));
}

async function advanceOrUndo(
  ctx: OperationContext,
  operation: Operation,
  plan: RemintPlan,
  keys: AuthorityKeys,
): Promise<void> {
  try {
    await advanceOperation(ctx, operation.id, {
      now: plan.at,
      keys,
      explicit: false,
      atOnce: false,
      only: null,
    });
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    const run = await loadRun(ctx, operation.id, plan.at);
    if (run.operation.phase === 'preparing') await cancelOperation(ctx, run);
    throw error;
  }
}

async function startOperation(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  { plan, beside }: Pick<Beginning, 'beside'> & { readonly plan: RemintPlan },
): Promise<Operation> {
  const id = `op-${1 + (await ctx.store.operations()).length}`;
  const active = activeAuthority(snapshot)?.generation ?? 0;
  const operation: Operation = {
    id,
    kind: plan.kind,
    phase: 'preparing',
    activation: plan.activation,
    policy: plan.policy,
    deadline: plan.deadline,
    updateName: plan.updateName,
    updateGuid: ctx.random.uuid(),
    keepKey: plan.authority?.keepKey ?? plan.keeping > 0,
    compromised: plan.compromised,
    generation: plan.authority?.generation ?? active,
    previousGeneration: plan.authority?.previousGeneration ?? active,
    plannedAuthority: plan.authority,
    startedBy: ctx.actor,
    startedAt: plan.at,
    endedAt: null,
  };
  const details = {
    kind: plan.kind,
    servers: plan.servers.total,
    updateName: plan.updateName,
    activation: plan.activation,
  };
  const what = 'operation-started';
  const entry = { what, at: plan.at, operationId: id, details };
  const start = { plan, beside: beside(id) };
  await recordEvent(ctx, entry, startingChanges(ctx, snapshot, start, operation));
  return operation;
}

/** The plan holds sums and beginnings of lists: the parts are planned again, batch by batch, to the same end. */
async function* startingChanges(
  ctx: OperationContext,
  base: ZoneSnapshot,
  { plan, beside }: { readonly plan: RemintPlan; readonly beside: readonly Change[] },
  operation: Operation,
): ChangeStream {
  yield* beside;
  yield { type: 'put-operation', operation };
  const draft = draftRemint(base, plan.request, plan.placedByHand);
  for await (const batch of remintBatches(ctx, base, draft, EVERYTHING)) {
    const planned = new Map(planBatch(batch, draft).map((server) => [server.memberId, server]));
    const members = batch.members.filter(
      (member) => planned.has(member.id) || plan.kind === 'ca-remint',
    );
    yield {
      type: 'put-operation-members',
      members: members.map((member) =>
        operationPart(
          ctx,
          batch,
          { plan, operationId: operation.id },
          { member, planned: planned.get(member.id) ?? null },
        ),
      ),
    };
  }
}

function operationPart(
  ctx: OperationContext,
  snapshot: ZoneSnapshot,
  operation: { readonly plan: RemintPlan; readonly operationId: string },
  one: { readonly member: Member; readonly planned: PlannedServer | null },
): OperationMember {
  const { member, planned } = one;
  const { plan, operationId } = operation;
  const live = liveSet(snapshot, member.id)?.number ?? null;
  const next = nextSetNumber(snapshot, member.id);
  const reached = memberHome(ctx.zoneHome, member) !== null;
  const staged = reached && needsTrustSet(plan, member, live);
  const changes = planned !== null || (plan.compromised && reached);
  const future = staged ? next + 1 : next;
  return freshPart({
    operationId,
    memberId: member.id,
    order: activationOrder(member, snapshot.zone.caMemberId),
    planned,
    previousSet: live,
    trustSet: staged ? next : null,
    futureSet: changes ? future : null,
    target: live,
    trustProvedAt: provedAt(plan, member, live),
  });
}

/** A server that serves nothing yet gets the new trust with its first certificate. */
function needsTrustSet(plan: RemintPlan, member: Member, live: number | null): boolean {
  if (keepsRoot(plan)) return false;
  return plan.kind === 'ca-remint' && holdsTrust(member, live);
}

function provedAt(plan: RemintPlan, member: Member, live: number | null): number | null {
  return keepsRoot(plan) && holdsTrust(member, live) ? plan.at : null;
}

function holdsTrust(member: Member, live: number | null): boolean {
  return live !== null || !isServer(member);
}

/** Under the root that everybody trusts already there is nothing to spread and nothing to prove. */
function keepsRoot({ authority }: RemintPlan): boolean {
  return keepsTrust(authority?.origin);
}
