import type { OperationContext } from '../ports/context.js';
import type { MemberHomes, SetFiles } from '../ports/member-homes.js';
import { isToActivate, namedIds, type ActivationScope } from '../zone/activation-scope.js';
import type { Change } from '../zone/change.js';
import { liveChange, withSet } from '../zone/live-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { Activation as ActivationTime } from '../zone/operation-terms.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { finishActivation } from './finish-activation.js';
import { createFutureContents, type FutureContents } from './future-contents.js';
import {
  EVERYTHING,
  findSet,
  loadRun,
  memberOf,
  partBatches,
  reachedMember,
  type OperationRun,
} from './operation-run.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { replacePlaced } from './replace-placed.js';
import type { SwitchOutcome } from './switch-member.js';
import { writeTrustOnlySet } from './write-trust-only-set.js';

/**
 * Switches servers to their future sets, in the order CA server, Primary Servers, satellites, the
 * rest. Needs no CA key. What is recorded first: the phase; then, batch by batch, each member's
 * target; then the renames; then each wave's results. A server whose look fails is put back and
 * reported.
 *
 * @param mintedHere - whether this very run has minted all sets: what it wrote, read back and proved
 *   a moment ago is not read and proved again, and what a person has placed since waits
 */
export async function activateOperation(
  ctx: OperationContext,
  begun: OperationRun,
  scope: ActivationScope,
  mintedHere = false,
): Promise<void> {
  const { operation, now } = begun;
  const head: OperationRun = { ...begun, operation: begunOperation(begun, scope) };
  await recordEvent(ctx, { what: 'activation-begun', at: now, operationId: operation.id }, [
    { type: 'put-operation', operation: head.operation },
    ...(operation.compromised ? removeOldAnchor(begun) : []),
  ]);
  if (operation.compromised) await publishTrust(ctx);
  const contents = createFutureContents(ctx, head);
  const only = namedIds(scope);
  const selection = scope.who === 'begun' ? 'begun' : 'open';
  const total = only?.size ?? (await ctx.store.countParts(operation.id, selection));
  let done = 0;
  for await (const run of partBatches(ctx, head, { ...EVERYTHING, selection, only })) {
    await activateBatch(ctx, run, { scope, contents, mintedHere, progress: { done, total } });
    done += run.parts.length;
  }
  await finishActivation(ctx, await loadRun(ctx, operation.id, now), mintedHere);
}

interface Activation {
  readonly scope: ActivationScope;
  readonly contents: FutureContents;
  readonly mintedHere: boolean;
  readonly progress: { readonly done: number; readonly total: number };
}

async function activateBatch(
  ctx: OperationContext,
  begun: OperationRun,
  { scope, contents, mintedHere, progress }: Activation,
): Promise<void> {
  const homes = ctx.homes.deferred();
  const { run, refused, read } = mintedHere
    ? { run: begun, refused: new Set<string>(), read: new Map<string, SetFiles>() }
    : await replacePlaced(ctx, begun, homes);
  const drives: Drive[] = [];
  const problems: OperationMember[] = [];
  for (const part of run.parts) {
    if (!isToActivate(part, scope) || refused.has(part.memberId)) continue;
    const prepared = await prepareDrive(ctx, run, { contents, homes, mintedHere, read }, part);
    if (prepared === undefined) continue;
    if ('job' in prepared) drives.push(prepared);
    else problems.push(prepared);
  }
  const { operation, now } = run;
  if (problems.length > 0) await recordRefused(ctx, run, problems);
  if (drives.length === 0) return;
  await recordEvent(
    ctx,
    {
      what: 'targets-set',
      at: now,
      operationId: operation.id,
      details: { members: drives.length },
    },
    [{ type: 'put-operation-members', members: drives.map((drive) => drive.part) }],
  );
  await driveMembers(
    ctx,
    {
      operation,
      step: 'activate',
      what: 'servers-activated',
      now,
      progress,
      settle: (drive, outcome) => settle(run, drive, outcome),
    },
    drives,
  );
}

async function recordRefused(
  ctx: OperationContext,
  run: OperationRun,
  parts: readonly OperationMember[],
): Promise<void> {
  const members = parts.map((part) => ({
    member: memberOf(run, part)?.name ?? part.memberId,
    code: part.problem?.code ?? null,
  }));
  await recordEvent(
    ctx,
    {
      what: 'activation-refused',
      at: run.now,
      operationId: run.operation.id,
      details: { members },
    },
    [{ type: 'put-operation-members', members: parts }],
  );
}

/**
 * Whoever asks for everybody asks for now: what a crash leaves of it must not wait for the instant
 * from before. Only a person gets an operation that was rolled back as a whole to this point.
 */
function begunOperation({ operation, now }: OperationRun, scope: ActivationScope): Operation {
  const { activation } = operation;
  const due = activation.when === 'at' && activation.instant <= now;
  const asked = scope.who === 'open' || activation.when === 'held';
  const time: ActivationTime = asked && !due ? { when: 'at', instant: now } : activation;
  return { ...operation, phase: 'activating', activation: time };
}

/** The part with its problem when its set cannot be used; undefined: no folder of it is reached. */
async function prepareDrive(
  ctx: OperationContext,
  run: OperationRun,
  by: Pick<Activation, 'contents' | 'mintedHere'> & {
    readonly homes: MemberHomes;
    readonly read: ReadonlyMap<string, SetFiles>;
  },
  part: OperationMember,
): Promise<Drive | OperationMember | undefined> {
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.futureSet === null) return undefined;
  const { member, home } = reached;
  const to =
    findSet(run, member.id, part.futureSet) ??
    (await writeTrustOnlySet(ctx, run, { part, member, home }));
  // Not the trust set by itself: its staging may have failed, and then nothing shows that it serves.
  const back = liveSet(run.snapshot, member.id) ?? findSet(run, member.id, part.previousSet);
  const files = by.read.get(member.id);
  const future = { member, home, set: to, homes: by.homes, files };
  const known = part.planned === null || by.mintedHere;
  const error = known ? undefined : await by.contents.refusal(future, run);
  const aimed = { ...part, target: to.number, held: false };
  if (error === undefined) return { part: aimed, job: { member, home, to, back } };
  ctx.progress.report({
    type: 'member',
    step: 'activate',
    member: member.name,
    ok: false,
    text: error.message,
  });
  const problem = { code: error.code, message: error.message, at: run.now };
  return { ...part, update: 'error', problem };
}

function settle(run: OperationRun, drive: Drive, outcome: SwitchOutcome): Promise<Settlement> {
  const { part, job } = drive;
  if (!outcome.ok) {
    const problem = { code: outcome.code, message: outcome.message, at: run.now };
    const target = job.back?.number ?? null;
    return Promise.resolve({ part: { ...part, update: 'error', problem, target }, changes: [] });
  }
  const sets = withSet(run.snapshot.sets.get(job.member.id) ?? [], job.to);
  const changes: Change[] = [...liveChange(sets, job.to.number, 'previous')];
  const replaced = run.snapshot.current.get(job.member.id);
  if (replaced !== undefined && replaced.fingerprint !== job.to.leaf) {
    changes.push({
      type: 'set-certificate-state',
      fingerprints: [replaced.fingerprint],
      state: 'previous',
    });
  }
  if (job.to.leaf !== null)
    changes.push({ type: 'set-certificate-state', fingerprints: [job.to.leaf], state: 'current' });
  return Promise.resolve({
    part: {
      ...part,
      update: 'update-completed',
      evidence: outcome.evidence,
      trustProvedAt: part.trustProvedAt ?? run.now,
      problem: null,
    },
    changes,
  });
}

function removeOldAnchor(run: OperationRun): readonly Change[] {
  return [{ type: 'remove-anchor', alias: authorityAlias(run.operation.previousGeneration) }];
}
