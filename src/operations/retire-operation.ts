import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { activationOrder } from '../zone/activation-order.js';
import type { Change, ChangeStream } from '../zone/change.js';
import { freshPart } from '../zone/fresh-part.js';
import { liveChange, withSet } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { withoutCa } from '../zone/without-ca.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { liveSet, nextSetNumber } from '../zone/zone-snapshot.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { createKnownSigners } from './known-signers.js';
import {
  EVERYTHING,
  findSet,
  loadRun,
  memberOf,
  partBatches,
  reachedMember,
  type OperationRun,
} from './operation-run.js';
import { makeLastCrl, tellOthers } from './make-last-crl.js';
import { pruneSets } from './prune-sets.js';
import { publishTrust } from './publish-trust.js';
import { memberBatches } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import type { SwitchOutcome } from './switch-member.js';
import { narrowedContents, writeNarrowedSet, type Narrowing } from './write-narrowed-set.js';

/**
 * Takes the old root out of every trust bundle and the cross-certificate out of every chain, then
 * ends the operation. After it there is no way back. Throws `partial` when a member could not be
 * narrowed: the operation stays `retiring`, and running it again goes on.
 *
 * Order of writes: the last CRL of the old generation and its files; phase and set numbers; the sets;
 * links; that the CRL is published; the anchor; the trust store; the states; old folders last.
 */
export async function retireOperation(ctx: OperationContext, begun: OperationRun): Promise<void> {
  const { operation, now } = begun;
  const lists = await makeLastCrl(ctx, begun);
  const entry = { what: 'retiring-begun', at: now, operationId: operation.id };
  await recordEvent(ctx, entry, beginning(ctx, begun));
  const head = await loadRun(ctx, operation.id, now);
  const { failed, reloaded } = await narrowMembers(ctx, head, lists !== null);
  if (lists !== null) await tellOthers(ctx, lists, reloaded, now);
  if (failed.length > 0) {
    throw new ZmintError(
      'partial',
      `the old root has not left these members: ${failed.join(', ')}`,
      { hint: 'zmint ssl resume' },
    );
  }
  await withdrawOldRoot(ctx, head);
  await recordDone(ctx, head);
  await pruneSets(ctx, await loadRun(ctx, operation.id, now));
}

async function* beginning(ctx: OperationContext, head: OperationRun): ChangeStream {
  yield { type: 'put-operation', operation: { ...head.operation, phase: 'retiring' } };
  const needs = { certificates: false, sets: true };
  for await (const batch of memberBatches(ctx, head.snapshot, needs)) {
    const ids = batch.members.map((member) => member.id);
    const known = await ctx.store.partsOf(ids, [head.operation.id]);
    const run: OperationRun = { ...head, snapshot: batch, parts: known };
    yield { type: 'put-operation-members', members: narrowedParts(ctx, run) };
  }
}

/** Every member with a live set, also those that came after the operation had begun. */
function narrowedParts(ctx: OperationContext, run: OperationRun): readonly OperationMember[] {
  const known = new Map(run.parts.map((part) => [part.memberId, part]));
  return run.snapshot.members.flatMap((member): readonly OperationMember[] => {
    if (memberHome(ctx.zoneHome, member) === null || liveSet(run.snapshot, member.id) === undefined)
      return [];
    const part = known.get(member.id) ?? newcomer(run, member);
    if (part.narrowedSet !== null) return [part];
    const number = nextSetNumber(run.snapshot, member.id);
    return [{ ...part, narrowedSet: number, target: number }];
  });
}

function newcomer(run: OperationRun, member: Member): OperationMember {
  return freshPart({
    operationId: run.operation.id,
    memberId: member.id,
    order: activationOrder(member, run.snapshot.zone.caMemberId),
    update: 'update-completed',
    trustProvedAt: run.now,
  });
}

interface Narrowed {
  /** Names of the members that the old root has not left. */
  readonly failed: readonly string[];
  /** Ids of the members that took their sets, and so were reloaded; none when they are not asked for. */
  readonly reloaded: ReadonlySet<string>;
}

async function narrowMembers(
  ctx: OperationContext,
  head: OperationRun,
  noteReloaded: boolean,
): Promise<Narrowed> {
  const total = await ctx.store.countParts(head.operation.id, 'narrowing');
  const by = {
    contents: await narrowedContents(ctx, head),
    signers: createKnownSigners(ctx, head.snapshot),
  };
  const failed: string[] = [];
  const reloaded = new Set<string>();
  let done = 0;
  const walk = { ...EVERYTHING, selection: 'narrowing' } as const;
  for await (const run of partBatches(ctx, head, walk)) {
    const batch = await narrowBatch(ctx, run, by, { done, total });
    failed.push(...batch.failed);
    if (noteReloaded) for (const id of batch.reloaded) reloaded.add(id);
    done += run.parts.length;
  }
  return { failed, reloaded };
}

async function narrowBatch(
  ctx: OperationContext,
  run: OperationRun,
  by: Pick<Narrowing, 'contents' | 'signers'>,
  progress: { readonly done: number; readonly total: number },
): Promise<{ readonly failed: readonly string[]; readonly reloaded: readonly string[] }> {
  const homes = ctx.homes.deferred();
  const drives: Drive[] = [];
  const failed: string[] = [];
  for (const part of run.parts) {
    const prepared = await prepareNarrowed(ctx, { run, homes, ...by }, part);
    if (prepared === 'failed') failed.push(memberOf(run, part)?.name ?? part.memberId);
    else if (prepared !== undefined) drives.push(prepared);
  }
  await homes.flush();
  const { operation, now } = run;
  const fresh = drives.map((drive) => drive.job.to).filter((set) => set.state === 'ready');
  if (fresh.length > 0) {
    const details = { members: fresh.length };
    const what = 'narrowed-sets-written';
    await recordEvent(ctx, { what, at: now, operationId: operation.id, details }, [
      { type: 'put-sets', sets: fresh },
    ]);
  }
  const settle = (drive: Drive, outcome: SwitchOutcome): Promise<Settlement> =>
    Promise.resolve(settleNarrowed(run, drive, outcome));
  const what = 'trust-narrowed';
  const settled = await driveMembers(
    ctx,
    { operation, step: 'retire', what, now, progress, settle },
    drives,
  );
  const open = settled.filter((part) => part.problem !== null);
  const reloaded = settled.filter((part) => part.problem === null).map((part) => part.memberId);
  failed.push(...open.map((part) => memberOf(run, part)?.name ?? part.memberId));
  return { failed, reloaded };
}

/** Undefined: nothing is to be done for the member. */
async function prepareNarrowed(
  ctx: OperationContext,
  narrowing: Narrowing,
  part: OperationMember,
): Promise<Drive | 'failed' | undefined> {
  const { run } = narrowing;
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.narrowedSet === null) return undefined;
  const { member, home } = reached;
  const live = liveSet(run.snapshot, member.id);
  if (live?.number === part.narrowedSet) return undefined;
  try {
    const known = findSet(run, member.id, part.narrowedSet);
    const number = part.narrowedSet;
    const to = known ?? (await writeNarrowedSet(ctx, narrowing, { member, home, number }));
    return { part, job: { member, home, to, back: live } };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const text = error.message;
    ctx.progress.report({ type: 'member', step: 'retire', member: member.name, ok: false, text });
    return 'failed';
  }
}

function settleNarrowed(run: OperationRun, drive: Drive, outcome: SwitchOutcome): Settlement {
  const { part, job } = drive;
  if (!outcome.ok)
    return {
      part: { ...part, problem: { code: outcome.code, message: outcome.message, at: run.now } },
      changes: [],
    };
  const sets = withSet(run.snapshot.sets.get(job.member.id) ?? [], job.to);
  return {
    part: { ...part, evidence: outcome.evidence, problem: null },
    changes: liveChange(sets, job.to.number, 'previous'),
  };
}

async function withdrawOldRoot(ctx: OperationContext, run: OperationRun): Promise<void> {
  const alias = authorityAlias(run.operation.previousGeneration);
  const anchor = (await ctx.store.anchors()).find((one) => one.alias === alias);
  if (anchor !== undefined) {
    await recordEvent(
      ctx,
      {
        what: 'anchor-removed',
        at: run.now,
        operationId: run.operation.id,
        details: { alias, fingerprint: anchor.certificate },
      },
      [{ type: 'remove-anchor', alias }],
    );
  }
  await publishTrust(ctx);
}

async function recordDone(ctx: OperationContext, run: OperationRun): Promise<void> {
  const { operation, snapshot, now } = run;
  const done: Operation = { ...operation, phase: 'done', endedAt: now };
  const old = snapshot.authorities.filter((one) => one.generation === operation.previousGeneration);
  const crosses = snapshot.authorityCertificates.filter(
    (one) => one.purpose === 'cross' && one.state !== 'cancelled',
  );
  const above = new Set(
    snapshot.authorities.flatMap((one) => (one.state === 'active' ? (one.parents ?? []) : [])),
  );
  const roots = old.map((one) => one.certificate).filter((one) => !above.has(one));
  const gone = [...roots, ...crosses.map((one) => one.fingerprint)];
  const changes: Change[] = [
    { type: 'put-operation', operation: done },
    ...old.map((authority): Change => ({
      type: 'put-authority',
      authority: { ...authority, state: 'retired' },
    })),
    { type: 'set-certificate-state', fingerprints: gone, state: 'retired' },
    ...(operation.plannedAuthority?.origin?.kind === 'external'
      ? [{ type: 'put-zone' as const, zone: withoutCa(snapshot.zone) }]
      : []),
  ];
  await recordEvent(ctx, { what: 'operation-done', at: now, operationId: operation.id }, changes);
}
