import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import { renderInstant } from '../zone/instant.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { findSet, loadRun, memberOf, type OperationRun, reachedMember } from './operation-run.js';
import { recordEvent } from './record-event.js';
import type { SwitchOutcome } from './switch-member.js';

/**
 * Switches servers back to what they served before the activation, and holds them there until a
 * person activates again. Throws `policy` for a compromised CA, `not-valid-then` when the old
 * certificate of one of them has expired, `not-found` when there is nothing to go back to; then
 * nothing has changed.
 *
 * @param only - ids of the members that were named; null: all that are active
 */
export async function rollbackOperation(
  ctx: OperationContext,
  run: OperationRun,
  only: ReadonlySet<string> | null,
): Promise<void> {
  const { operation, now } = run;
  if (operation.compromised) {
    throw new ZmintError('policy', 'the old CA is compromised: nothing goes back under it', {
      hint: 'zmint ssl remint --ca',
    });
  }
  const chosen = run.parts.filter((part) => isToGoBack(run, part, only));
  if (chosen.length === 0)
    throw new ZmintError('not-found', 'no server of this operation is active', {
      hint: 'zmint status',
    });
  for (const part of chosen) await refuseExpired(ctx, run, part);
  const held = chosen.map((part): OperationMember => ({
    ...part,
    target: part.trustSet ?? part.previousSet,
    held: true,
    evidence: null,
    update: 'pending-certificate-activation',
  }));
  await recordEvent(
    ctx,
    {
      what: 'rollback-begun',
      at: now,
      operationId: operation.id,
      details: { members: chosen.length },
    },
    [
      { type: 'put-operation', operation: { ...operation, phase: 'activating', endedAt: null } },
      { type: 'put-operation-members', members: held },
      ...authorityBack(run),
    ],
  );
  await finishRollback(ctx, await loadRun(ctx, operation.id, now));
}

/**
 * Whether a part is active and meant. A server that was reminted again since goes back with its CA,
 * but not with an earlier remint.
 */
export function isToGoBack(
  run: OperationRun,
  part: OperationMember,
  only: ReadonlySet<string> | null,
): boolean {
  if (part.evidence === null || (only !== null && !only.has(part.memberId))) return false;
  if (run.operation.kind === 'ca-remint') return true;
  return liveSet(run.snapshot, part.memberId)?.number === part.futureSet;
}

/** Carries on with a rollback that was recorded: held members go to their target. Idempotent. */
export async function finishRollback(ctx: OperationContext, begun: OperationRun): Promise<void> {
  const drives = begun.parts.flatMap((part): readonly Drive[] => {
    const reached = reachedMember(ctx, begun, part);
    const to = findSet(begun, part.memberId, part.target);
    if (!part.held || reached === undefined || to === undefined || to.state === 'live') return [];
    return [{ part, job: { ...reached, to, back: undefined } }];
  });
  const settle = (drive: Drive, outcome: SwitchOutcome): Promise<Settlement> =>
    settleBack(ctx, begun, drive, outcome);
  await driveMembers(
    ctx,
    {
      operation: begun.operation,
      step: 'rollback',
      what: 'servers-rolled-back',
      now: begun.now,
      settle,
    },
    drives,
  );
  const run = await loadRun(ctx, begun.operation.id, begun.now);
  for (const part of run.parts.filter((one) => one.held)) await renderRepo(ctx, run, part);
  const anyActive = run.parts.some((part) => part.evidence !== null);
  const anyHeld = run.parts.some((part) => part.held);
  if (anyActive || !anyHeld || run.operation.phase === 'armed') return;
  const next: Operation = {
    ...run.operation,
    phase: 'armed',
    activation: { when: 'held' },
    endedAt: null,
  };
  await recordEvent(
    ctx,
    { what: 'operation-rolled-back', at: run.now, operationId: run.operation.id },
    [{ type: 'put-operation', operation: next }],
  );
}

async function refuseExpired(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
): Promise<void> {
  const reached = reachedMember(ctx, run, part);
  if (reached === undefined) return;
  const { member, home } = reached;
  const back = findSet(run, part.memberId, part.trustSet ?? part.previousSet);
  const there = back === undefined ? undefined : await ctx.homes.readSet(home, back.number);
  if (back === undefined || there === undefined) {
    throw new ZmintError('not-found', `${member.name} has no set from before to go back to`, {
      hint: `zmint ssl remint ${member.name}`,
    });
  }
  for (const fingerprint of [...(back.leaf === null ? [] : [back.leaf]), ...rootsBefore(run)]) {
    const record = await ctx.store.certificate(fingerprint);
    if (record !== undefined && record.notAfter < run.now) refuse(member, record);
  }
}

function refuse(
  member: Member,
  expired: { readonly subject: string; readonly notAfter: number },
): never {
  throw new ZmintError(
    'not-valid-then',
    `${member.name} cannot go back: ${expired.subject} expired ${renderInstant(expired.notAfter)}`,
    { hint: `zmint ssl remint ${member.name}` },
  );
}

function rootsBefore(run: OperationRun): readonly string[] {
  return run.snapshot.authorities
    .filter((authority) => authority.generation === run.operation.previousGeneration)
    .map((authority) => authority.certificate);
}

/** While one server is back under the old CA, that one is the zone's CA again. */
function authorityBack(run: OperationRun): readonly Change[] {
  if (run.operation.kind !== 'ca-remint') return [];
  return run.snapshot.authorities.flatMap((authority): readonly Change[] => {
    if (authority.generation === run.operation.generation) {
      return [
        { type: 'put-authority', authority: { ...authority, state: 'future' } },
        { type: 'set-certificate-state', fingerprints: [authority.certificate], state: 'future' },
      ];
    }
    if (authority.generation !== run.operation.previousGeneration) return [];
    return [
      { type: 'put-authority', authority: { ...authority, state: 'active' } },
      { type: 'set-certificate-state', fingerprints: [authority.certificate], state: 'current' },
    ];
  });
}

async function settleBack(
  ctx: OperationContext,
  run: OperationRun,
  drive: Drive,
  outcome: SwitchOutcome,
): Promise<Settlement> {
  const { part, job } = drive;
  const sets = await ctx.store.sets(job.member.id);
  const changes: Change[] = [
    ...liveChange(sets, job.to.number, 'ready'),
    ...displaced(sets, drive),
  ];
  if (part.futureCertificate !== null)
    changes.push({
      type: 'set-certificate-state',
      fingerprints: [part.futureCertificate],
      state: 'future',
    });
  if (job.to.leaf !== null)
    changes.push({ type: 'set-certificate-state', fingerprints: [job.to.leaf], state: 'current' });
  if (outcome.ok) return { part: { ...part, problem: null }, changes };
  const problem = { code: outcome.code, message: outcome.message, at: run.now };
  const there = (await ctx.homes.observe(job.home)).live === job.to.number;
  return { part: { ...part, update: 'error', problem }, changes: there ? changes : [] };
}

/** What a later remint had put in place of the operation's own certificate is neither of the two. */
function displaced(sets: readonly MemberSet[], { part, job }: Drive): readonly Change[] {
  const leaf = sets.find((set) => set.state === 'live')?.leaf ?? null;
  if (leaf === null || leaf === part.futureCertificate || leaf === job.to.leaf) return [];
  return [{ type: 'set-certificate-state', fingerprints: [leaf], state: 'previous' }];
}

/** The future set waits in the remint-repo again. */
async function renderRepo(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
): Promise<void> {
  const member = memberOf(run, part);
  const home = member === undefined ? null : memberHome(ctx.zoneHome, member);
  if (home === null || part.futureSet === null || part.planned === null) return;
  const repo = await ctx.homes.readRepo(home);
  if (repo.key !== undefined || repo.certificates.length > 0) return;
  const files = await ctx.homes.readSet(home, part.futureSet);
  if (files !== undefined) await ctx.homes.writeRepo(home, files);
}
