import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import { parseCertificate } from '../x509/certificate.js';
import type { Change, ChangeStream } from '../zone/change.js';
import type { Seconds } from '../zone/instant.js';
import { liveChange, withSet } from '../zone/live-set.js';
import { isServer, type Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { createKnownSigners, type KnownSigners } from './known-signers.js';
import {
  EVERYTHING,
  findSet,
  loadRun,
  memberOf,
  MEMBERS_ALONE,
  partBatches,
  reachedMember,
  type OperationRun,
} from './operation-run.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { bundledFiles } from './set-files.js';
import { createStagedContents, type StagedContents } from './staged-contents.js';
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
  for await (const run of partBatches(ctx, head, { ...EVERYTHING, selection: 'unstaged' })) {
    await stageBatch(ctx, run, by, { done, total });
    done += run.parts.length;
  }
}

async function stageBatch(
  ctx: OperationContext,
  run: OperationRun,
  by: Pick<Staging, 'contents' | 'signers'>,
  progress: { readonly done: number; readonly total: number },
): Promise<void> {
  const homes = ctx.homes.deferred();
  const drives: Drive[] = [];
  const refused: OperationMember[] = [];
  for (const part of run.parts) {
    const prepared = await prepareDrive(ctx, { run, homes, ...by }, part);
    if (prepared !== undefined && 'job' in prepared) drives.push(prepared);
    else if (prepared !== undefined) refused.push(prepared);
  }
  await homes.flush();
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

/** What a batch is staged with. */
interface Staging {
  readonly run: OperationRun;
  readonly homes: MemberHomes;
  readonly contents: StagedContents;
  readonly signers: KnownSigners;
}

/** The part with its problem when the member's set could not be written; undefined: nothing to do. */
async function prepareDrive(
  ctx: OperationContext,
  staging: Staging,
  part: OperationMember,
): Promise<Drive | OperationMember | undefined> {
  const { run } = staging;
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined || part.trustSet === null || part.trustProvedAt !== null)
    return undefined;
  const { member, home } = reached;
  const back = findSet(run, member.id, part.previousSet);
  try {
    const known = findSet(run, member.id, part.trustSet);
    const to =
      known ?? (await writeTrustSet(ctx, staging, { part, member, home, number: part.trustSet }));
    return { part, job: { member, home, to, back } };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const problem = { code: error.code, message: error.message, at: run.now };
    ctx.progress.report({
      type: 'member',
      step: 'stage',
      member: member.name,
      ok: false,
      text: error.message,
    });
    return { ...part, update: 'error', problem };
  }
}

interface TrustTarget {
  readonly part: OperationMember;
  readonly member: Member;
  readonly home: string;
  readonly number: number;
}

async function writeTrustSet(
  ctx: OperationContext,
  { run, homes, contents, signers }: Staging,
  target: TrustTarget,
): Promise<MemberSet> {
  const { member, home, number } = target;
  const live = liveSet(run.snapshot, member.id);
  const { content, bundles, prove } = await contents(live);
  await homes.prepare(home);
  if (live === undefined || live.leaf === null) {
    await homes.writeSet(home, number, { 'ca.cert': bundles.caCert });
  } else {
    const pkcs8 = await homes.readKey(home, live.number);
    if (pkcs8 === undefined) {
      throw new ZmintError(
        'damaged',
        `generation ${live.number} of ${member.name} is missing or not complete`,
        { hint: 'zmint doctor' },
      );
    }
    const [leaf] = await ctx.store.der([live.leaf]);
    const der = leaf ?? new Uint8Array();
    if (!hasExpired(run, member)) {
      const signedBy = await signers(run.snapshot.current.get(member.id));
      const set = { leaf: parseCertificate(der), pkcs8, signedBy };
      await prove(set, `the trust set of ${member.name}`);
    }
    await homes.writeSet(home, number, bundledFiles(ctx, bundles, { leaf: der, pkcs8 }));
    pkcs8.fill(0);
  }
  return {
    memberId: member.id,
    number,
    purpose: 'trust',
    state: 'ready',
    leaf: live?.leaf ?? null,
    ...content,
    operationId: run.operation.id,
    createdAt: run.now,
  };
}

/** What has expired anyway must not keep its successor from being staged. */
function hasExpired(run: OperationRun, member: Member): boolean {
  const current = run.snapshot.current.get(member.id);
  const roots = run.snapshot.authorityCertificates.filter((record) => record.state === 'current');
  return [current, ...roots].some((record) => record !== undefined && record.notAfter < run.now);
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
  const update = isServer(job.member) ? 'pending-certificate-activation' : 'update-completed';
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
  const known = (await ctx.store.anchors()).some((anchor) => anchor.alias === alias);
  if (!known) {
    await recordEvent(
      ctx,
      {
        what: 'anchor-added',
        at: now,
        operationId: operation.id,
        details: { alias, fingerprint: authority.certificate },
      },
      [
        {
          type: 'put-anchor',
          anchor: { alias, certificate: authority.certificate, source: 'zone', since: now },
        },
      ],
    );
  }
  await publishTrust(ctx);
}

function restingState(run: OperationRun, part: OperationMember): OperationMember['update'] {
  const member = memberOf(run, part);
  if (member === undefined) return 'ignored';
  if (!isServer(member)) return 'update-assigned';
  return part.creation === 'new-certificate-created' ? 'pending-certificate-activation' : 'error';
}
