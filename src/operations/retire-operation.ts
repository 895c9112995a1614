import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { activationOrder } from '../zone/activation-order.js';
import type { Change } from '../zone/change.js';
import { freshPart } from '../zone/fresh-part.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { narrowedContent } from '../zone/operation-content.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { liveSet, nextSetNumber } from '../zone/zone-snapshot.js';
import { checkSet } from './check-set.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { findSet, loadRun, memberOf, type OperationRun, reachedMember } from './operation-run.js';
import { pruneSets } from './prune-sets.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { setFiles } from './set-files.js';
import type { SwitchOutcome } from './switch-member.js';

/**
 * Takes the old root out of every trust bundle and the cross-certificate out of every chain, then
 * ends the operation. After it there is no way back. Throws `partial` when a member could not be
 * narrowed: the operation stays `retiring`, and running it again goes on.
 *
 * Order of writes: phase and set numbers; the sets; links; the anchor; the trust store; the states;
 * old folders last.
 */
export async function retireOperation(ctx: OperationContext, begun: OperationRun): Promise<void> {
  const parts = narrowedParts(ctx, begun);
  await recordEvent(
    ctx,
    { what: 'retiring-begun', at: begun.now, operationId: begun.operation.id },
    [
      { type: 'put-operation', operation: { ...begun.operation, phase: 'retiring' } },
      { type: 'put-operation-members', members: parts },
    ],
  );
  const run = await loadRun(ctx, begun.operation.id, begun.now);
  const failed = await narrowMembers(ctx, run);
  if (failed.length > 0) {
    throw new ZmintError(
      'partial',
      `the old root has not left these members: ${failed.join(', ')}`,
      { hint: 'zmint ssl resume' },
    );
  }
  await withdrawOldRoot(ctx, run);
  await recordDone(ctx, run);
  await pruneSets(ctx, await loadRun(ctx, run.operation.id, run.now));
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

async function narrowMembers(ctx: OperationContext, run: OperationRun): Promise<readonly string[]> {
  const drives: Drive[] = [];
  const failed: string[] = [];
  for (const part of run.parts) {
    const prepared = await prepareNarrowed(ctx, run, part);
    if (prepared === 'failed') failed.push(memberOf(run, part)?.name ?? part.memberId);
    else if (prepared !== undefined) drives.push(prepared);
  }
  const fresh = drives.map((drive) => drive.job.to).filter((set) => set.state === 'ready');
  if (fresh.length > 0) {
    const details = { members: fresh.length };
    const what = 'narrowed-sets-written';
    await recordEvent(ctx, { what, at: run.now, operationId: run.operation.id, details }, [
      { type: 'put-sets', sets: fresh },
    ]);
  }
  const settle = (drive: Drive, outcome: SwitchOutcome): Promise<Settlement> =>
    settleNarrowed(ctx, run, drive, outcome);
  const { operation, now } = run;
  const settled = await driveMembers(
    ctx,
    { operation, step: 'retire', what: 'trust-narrowed', now, settle },
    drives,
  );
  const open = settled.filter((part) => part.problem !== null);
  return [...failed, ...open.map((part) => memberOf(run, part)?.name ?? part.memberId)];
}

/** Undefined: nothing is to be done for the member. */
async function prepareNarrowed(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
): Promise<Drive | 'failed' | undefined> {
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.narrowedSet === null) return undefined;
  const { member, home } = reached;
  const live = liveSet(run.snapshot, member.id);
  if (live?.number === part.narrowedSet) return undefined;
  try {
    const known = findSet(run, member.id, part.narrowedSet);
    const to = known ?? (await writeNarrowed(ctx, run, { member, home, number: part.narrowedSet }));
    return { part, job: { member, home, to, back: live } };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const text = error.message;
    ctx.progress.report({ type: 'member', step: 'retire', member: member.name, ok: false, text });
    return 'failed';
  }
}

async function writeNarrowed(
  ctx: OperationContext,
  run: OperationRun,
  target: { readonly member: Member; readonly home: string; readonly number: number },
): Promise<MemberSet> {
  const { member, home, number } = target;
  const live = liveSet(run.snapshot, member.id);
  const content = narrowedContent(await ctx.store.anchors(), run.operation);
  const trust = await ctx.store.der(content.trust);
  const files = live === undefined ? undefined : await ctx.homes.readSet(home, live.number);
  if (live === undefined || files === undefined) {
    throw new ZmintError(
      'damaged',
      `the live generation of ${member.name} is missing or not complete`,
      { hint: 'zmint doctor' },
    );
  }
  const chain = live.leaf === null ? [] : [...foreign(run, live.chain)];
  const behind = await ctx.store.der(chain);
  const leaf = live.leaf === null ? [] : await ctx.store.der([live.leaf]);
  const next = setFiles(ctx, {
    chain: [...leaf, ...behind],
    pkcs8: files['key.der'] ?? null,
    trust,
  });
  if (live.leaf !== null) await checkSet(ctx, next, `the narrowed set of ${member.name}`, run.now);
  await ctx.homes.writeSet(home, number, next);
  return {
    memberId: member.id,
    number,
    purpose: 'narrowed',
    state: 'ready',
    leaf: live.leaf,
    chain,
    trust: content.trust,
    operationId: run.operation.id,
    createdAt: run.now,
  };
}

/** What is sent behind a leaf and is none of the operation's cross-certificates stays. */
function foreign(run: OperationRun, chain: readonly string[]): readonly string[] {
  const crosses = new Set(
    run.snapshot.authorityCertificates
      .filter((one) => one.purpose === 'cross')
      .map((one) => one.fingerprint),
  );
  return chain.filter((one) => !crosses.has(one));
}

async function settleNarrowed(
  ctx: OperationContext,
  run: OperationRun,
  drive: Drive,
  outcome: SwitchOutcome,
): Promise<Settlement> {
  const { part, job } = drive;
  if (!outcome.ok)
    return {
      part: { ...part, problem: { code: outcome.code, message: outcome.message, at: run.now } },
      changes: [],
    };
  const sets = await ctx.store.sets(job.member.id);
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
  const gone = [...old.map((one) => one.certificate), ...crosses.map((one) => one.fingerprint)];
  const changes: Change[] = [
    { type: 'put-operation', operation: done },
    ...old.map((authority): Change => ({
      type: 'put-authority',
      authority: { ...authority, state: 'retired' },
    })),
    { type: 'set-certificate-state', fingerprints: gone, state: 'retired' },
  ];
  await recordEvent(ctx, { what: 'operation-done', at: now, operationId: operation.id }, changes);
}
