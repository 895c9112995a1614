import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Seconds } from '../zone/instant.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import { isServer, type Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { stagedContent } from '../zone/operation-content.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { checkSet } from './check-set.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { findSet, loadRun, memberOf, type OperationRun } from './operation-run.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { setFiles } from './set-files.js';
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
  const run = await loadRun(ctx, operation.id, now);
  await letSettle(ctx, run);
  await publishNewRoot(ctx, run);
  await writeRescueKit(ctx, run);
  const rest = run.parts.filter((part) => part.update === 'not-assigned');
  await recordEvent(
    ctx,
    {
      what: 'operation-armed',
      at: now,
      operationId: operation.id,
      details: { activation: operation.activation },
    },
    [
      {
        type: 'put-operation-members',
        members: rest.map((part) => ({ ...part, update: restingState(run, part) })),
      },
      { type: 'put-operation', operation: { ...run.operation, phase: 'armed' } },
    ],
  );
}

/**
 * A client that knows only the new root must never meet a server that does not send the
 * cross-certificate yet, and one look does not tell that all workers of a server do.
 */
async function letSettle(ctx: OperationContext, run: OperationRun): Promise<void> {
  const seen = run.parts.some((part) => {
    const member = memberOf(run, part);
    return part.trustProvedAt !== null && member !== undefined && member.probe !== null;
  });
  if (seen) await ctx.clock.sleep(SETTLE);
}

/** Stages members whose trust has not been proved yet; also those that failed before. */
export async function stageMembers(ctx: OperationContext, run: OperationRun): Promise<void> {
  const drives: Drive[] = [];
  for (const part of run.parts) {
    const member = memberOf(run, part);
    if (member === undefined || part.trustSet === null || part.trustProvedAt !== null) continue;
    const drive = await prepareDrive(ctx, run, part, member);
    if (drive !== undefined) drives.push(drive);
  }
  const aimed = drives.map(({ part }) => ({ ...part, target: part.trustSet }));
  if (drives.length === 0) return;
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
      settle: (drive, outcome) => settle(ctx, run, drive, outcome),
    },
    drives.map((drive, index) => ({ ...drive, part: aimed[index] ?? drive.part })),
  );
}

async function prepareDrive(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
  member: Member,
): Promise<Drive | undefined> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null || part.trustSet === null) return undefined;
  const back = findSet(run, member.id, part.previousSet);
  try {
    const known = findSet(run, member.id, part.trustSet);
    const to =
      known ?? (await writeTrustSet(ctx, run, { part, member, home, number: part.trustSet }));
    return { part, job: { member, home, to, back } };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const problem = { code: error.code, message: error.message, at: run.now };
    await recordEvent(
      ctx,
      {
        what: 'staging-failed',
        at: run.now,
        operationId: run.operation.id,
        details: { member: member.name, code: error.code },
      },
      [{ type: 'put-operation-members', members: [{ ...part, update: 'error', problem }] }],
    );
    ctx.progress.report({
      type: 'member',
      step: 'stage',
      member: member.name,
      ok: false,
      text: error.message,
    });
    return undefined;
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
  run: OperationRun,
  target: TrustTarget,
): Promise<MemberSet> {
  const { member, home, number } = target;
  const live = liveSet(run.snapshot, member.id);
  const content = stagedContent(
    run.snapshot,
    run.operation,
    live ?? { leaf: null, chain: [], trust: await presentTrust(ctx) },
  );
  const trust = await ctx.store.der(content.trust);
  await ctx.homes.prepare(home);
  if (live === undefined || live.leaf === null) {
    await ctx.homes.writeSet(home, number, setFiles(ctx, { chain: [], pkcs8: null, trust }));
  } else {
    const files = await ctx.homes.readSet(home, live.number);
    const pkcs8 = files?.['key.der'];
    if (pkcs8 === undefined) {
      throw new ZmintError(
        'damaged',
        `generation ${live.number} of ${member.name} is missing or not complete`,
        { hint: 'zmint doctor' },
      );
    }
    const chain = [...(await ctx.store.der([live.leaf])), ...(await ctx.store.der(content.chain))];
    const next = setFiles(ctx, { chain, pkcs8, trust });
    if (!hasExpired(run, member))
      await checkSet(ctx, next, `the trust set of ${member.name}`, run.now);
    await ctx.homes.writeSet(home, number, next);
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

async function presentTrust(ctx: OperationContext): Promise<readonly string[]> {
  const anchors = await ctx.store.anchors();
  return anchors.map((anchor) => anchor.certificate);
}

/** What has expired anyway must not keep its successor from being staged. */
function hasExpired(run: OperationRun, member: Member): boolean {
  const current = run.snapshot.current.get(member.id);
  const roots = run.snapshot.authorityCertificates.filter((record) => record.state === 'current');
  return [current, ...roots].some((record) => record !== undefined && record.notAfter < run.now);
}

async function settle(
  ctx: OperationContext,
  run: OperationRun,
  drive: Drive,
  outcome: SwitchOutcome,
): Promise<Settlement> {
  const { part, job } = drive;
  if (!outcome.ok) {
    const problem = { code: outcome.code, message: outcome.message, at: run.now };
    return { part: { ...part, update: 'error', problem, target: part.previousSet }, changes: [] };
  }
  const sets = await ctx.store.sets(job.member.id);
  const changes: readonly Change[] = liveChange(sets, job.to.number, 'previous');
  const failed = part.creation === 'creating-certificate-failed';
  const update = isServer(job.member) ? 'pending-certificate-activation' : 'update-completed';
  return {
    part: {
      ...part,
      update: failed ? 'error' : update,
      problem: failed ? part.problem : null,
      trustProvedAt: run.now,
    },
    changes,
  };
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
