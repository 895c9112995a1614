import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import { authorityRoot } from '../zone/authority.js';
import type { Change, ChangeStream } from '../zone/change.js';
import type { Seconds } from '../zone/instant.js';
import { isAwaited } from '../zone/is-awaited.js';
import { liveChange, withSet } from '../zone/live-set.js';
import { isServer, type Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { composeBatch, type Composed, type ComposedBatch } from './compose-trust-sets.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { inPipeline } from './in-pipeline.js';
import { createKnownSigners } from './known-signers.js';
import {
  EVERYTHING,
  findSet,
  loadRun,
  memberOf,
  MEMBERS_ALONE,
  partBatches,
  type OperationRun,
} from './operation-run.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { createStagedContents } from './staged-contents.js';
import type { SwitchOutcome } from './switch-member.js';
import { writeRescueKit } from './write-rescue-kit.js';

/** Servers such as nginx let the workers from before a reload answer for a moment beside the new ones. */
const SETTLE: Seconds = 1;

/**
 * Spreads the next trust: each member that zmint reaches gets its certificate of today again, sent
 * with the cross-certificate and with old and new roots in its bundle, by one rename; then the new
 * root is published. Ends with the operation `armed`.
 *
 * A member that fails stays as it was and is not ready; running it again tries it again.
 */
export async function stageOperation(ctx: OperationContext, begun: OperationRun): Promise<void> {
  const { operation, now } = begun;
  await recordEvent(ctx, { what: 'staging-begun', at: now, operationId: operation.id }, [
    { type: 'put-operation', operation: { ...operation, phase: 'staging' } },
  ]);
  await stageMembers(ctx, begun);
  const head = await loadRun(ctx, operation.id, now);
  await letSettle(ctx, head);
  await publishNewRoot(ctx, head);
  await writeRescueKit(ctx, head);
  const what = 'operation-armed';
  const details = { activation: operation.activation };
  const entry = { what, at: now, operationId: operation.id, details };
  await recordEvent(ctx, entry, armingChanges(ctx, head));
}

async function* armingChanges(ctx: OperationContext, head: OperationRun): ChangeStream {
  const walk = { ...MEMBERS_ALONE, selection: 'unassigned' as const };
  for await (const run of partBatches(ctx, head, walk)) {
    const members = run.parts.map((part) => ({ ...part, update: restingState(run, part) }));
    yield { type: 'put-operation-members', members };
  }
  yield { type: 'put-operation', operation: { ...head.operation, phase: 'armed' } };
}

/**
 * A client that knows only the new root must never meet a server that does not send the
 * cross-certificate yet, and one look does not tell that all workers of a server do.
 */
async function letSettle(ctx: OperationContext, head: OperationRun): Promise<void> {
  const seen = await ctx.store.countParts(head.operation.id, 'probed');
  if (seen > 0) await ctx.clock.sleep(SETTLE);
}

/** Stages members whose trust has not been proved yet; also those that failed before. */
export async function stageMembers(ctx: OperationContext, head: OperationRun): Promise<void> {
  const total = await ctx.store.countParts(head.operation.id, 'unstaged');
  const by = {
    contents: createStagedContents(ctx, head),
    signers: createKnownSigners(ctx, head.snapshot),
  };
  let done = 0;
  await inPipeline(
    partBatches(ctx, head, { ...EVERYTHING, selection: 'unstaged' }),
    (run) => composeBatch(ctx, run, by),
    async (batch) => {
      await stageBatch(ctx, batch, { done, total });
      done += batch.run.parts.length;
    },
  );
}

async function stageBatch(
  ctx: OperationContext,
  { run, composed }: ComposedBatch,
  progress: { readonly done: number; readonly total: number },
): Promise<void> {
  const written = await writeComposed(ctx, composed);
  const drives: Drive[] = [];
  const refused: OperationMember[] = [];
  for (const { part, member, home, set } of written) {
    if (set instanceof ZmintError) refused.push(refusal(ctx, run, { part, member, error: set }));
    else {
      const back = findSet(run, member.id, part.previousSet);
      drives.push({ part, job: { member, home, to: set, back } });
    }
  }
  await recordRefused(ctx, run, refused);
  if (drives.length === 0) return;
  const aimed = drives.map(({ part }) => ({ ...part, target: part.trustSet }));
  await recordEvent(
    ctx,
    {
      what: 'trust-sets-written',
      at: run.now,
      operationId: run.operation.id,
      details: { members: drives.length },
    },
    [
      { type: 'put-sets', sets: drives.map(({ job }) => job.to) },
      { type: 'put-operation-members', members: aimed },
    ],
  );
  await driveMembers(
    ctx,
    {
      operation: run.operation,
      step: 'stage',
      what: 'trust-staged',
      now: run.now,
      progress,
      settle: (drive, outcome) => settle(run, drive, outcome),
    },
    drives.map((drive, index) => ({ ...drive, part: aimed[index] ?? drive.part })),
  );
}

/** All sets of the batch by one sync. What could not be written has its error in place of the set. */
async function writeComposed(
  ctx: OperationContext,
  composed: readonly Composed[],
): Promise<readonly Composed[]> {
  const homes = ctx.homes.deferred();
  const writes = composed.flatMap(({ home, set, files }) =>
    files === null || set instanceof ZmintError ? [] : [{ home, number: set.number, files }],
  );
  const errors = new Map<string, ZmintError>();
  for (const [index, error] of (await homes.writeSets(writes)).entries()) {
    if (error !== undefined) errors.set(writes[index]?.home ?? '', error);
  }
  for (const { files } of writes) {
    files['key.der']?.fill(0);
    files['key.pem']?.fill(0);
  }
  await homes.flush();
  return composed.map((one) => ({ ...one, set: errors.get(one.home) ?? one.set }));
}

function refusal(
  ctx: OperationContext,
  run: OperationRun,
  refused: {
    readonly part: OperationMember;
    readonly member: Member;
    readonly error: ZmintError;
  },
): OperationMember {
  const { part, member, error } = refused;
  ctx.progress.report({
    type: 'member',
    step: 'stage',
    member: member.name,
    ok: false,
    text: error.message,
  });
  const problem = { code: error.code, message: error.message, at: run.now };
  return { ...part, update: 'error', problem };
}

async function recordRefused(
  ctx: OperationContext,
  run: OperationRun,
  refused: readonly OperationMember[],
): Promise<void> {
  if (refused.length === 0) return;
  const members = refused.map((part) => ({
    member: memberOf(run, part)?.name ?? part.memberId,
    code: part.problem?.code ?? null,
  }));
  const what = 'staging-failed';
  await recordEvent(
    ctx,
    { what, at: run.now, operationId: run.operation.id, details: { members } },
    [{ type: 'put-operation-members', members: refused }],
  );
}

function settle(run: OperationRun, drive: Drive, outcome: SwitchOutcome): Promise<Settlement> {
  const { part, job } = drive;
  if (!outcome.ok) {
    const problem = { code: outcome.code, message: outcome.message, at: run.now };
    const back = { ...part, update: 'error' as const, problem, target: part.previousSet };
    return Promise.resolve({ part: back, changes: [] });
  }
  const sets = withSet(run.snapshot.sets.get(job.member.id) ?? [], job.to);
  const changes: readonly Change[] = liveChange(sets, job.to.number, 'previous');
  const failed = part.creation === 'creating-certificate-failed';
  const waiting = isAwaited(part) ? 'update-assigned' : 'pending-certificate-activation';
  const update = isServer(job.member) ? waiting : 'update-completed';
  return Promise.resolve({
    part: {
      ...part,
      update: failed ? 'error' : update,
      problem: failed ? part.problem : null,
      trustProvedAt: run.now,
    },
    changes,
  });
}

/** DB truth first: the anchor is recorded, then the bundle is rendered from the records. */
async function publishNewRoot(ctx: OperationContext, run: OperationRun): Promise<void> {
  const { operation, snapshot, now } = run;
  const authority = snapshot.authorities.find((one) => one.generation === operation.generation);
  if (authority === undefined)
    throw new ZmintError('damaged', 'the CA of this operation is missing', {
      hint: 'zmint doctor',
    });
  const alias = authorityAlias(authority.generation);
  const certificate = authorityRoot(authority);
  const known = (await ctx.store.anchors()).some((anchor) => anchor.alias === alias);
  if (!known) {
    await recordEvent(
      ctx,
      {
        what: 'anchor-added',
        at: now,
        operationId: operation.id,
        details: { alias, fingerprint: certificate },
      },
      [{ type: 'put-anchor', anchor: { alias, certificate, source: 'zone', since: now } }],
    );
  }
  await publishTrust(ctx);
}

function restingState(run: OperationRun, part: OperationMember): OperationMember['update'] {
  const member = memberOf(run, part);
  if (member === undefined) return 'ignored';
  if (!isServer(member) && part.trustProvedAt !== null) return 'update-completed';
  if (!isServer(member) || isAwaited(part)) return 'update-assigned';
  return part.creation === 'new-certificate-created' ? 'pending-certificate-activation' : 'error';
}
