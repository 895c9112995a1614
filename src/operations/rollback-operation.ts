import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change, ChangeStream } from '../zone/change.js';
import { renderInstant } from '../zone/instant.js';
import { liveChange } from '../zone/live-set.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import {
  findSet,
  loadRun,
  partBatches,
  reachedMember,
  type OperationRun,
} from './operation-run.js';
import { recordEvent } from './record-event.js';
import { refuseRevoked } from './refuse-revoked.js';
import { renderRepo } from './render-repo.js';
import type { SwitchOutcome } from './switch-member.js';

/**
 * Switches servers back to what they served before the activation, and holds them there until a
 * person activates again. Throws `policy` for a compromised CA, a revoked certificate or one that the zone no longer
 * trusts, `not-valid-then` when the old certificate of one of them has expired, `not-found` when there is nothing to go back to; then
 * nothing has changed.
 *
 * @param only - ids of the members that were named; null: all that are active
 */
export async function rollbackOperation(
  ctx: OperationContext,
  head: OperationRun,
  only: ReadonlySet<string> | null,
): Promise<void> {
  const { operation, now } = head;
  if (operation.compromised) {
    throw new ZmintError('policy', 'the old CA is compromised: nothing goes back under it', {
      hint: 'zmint ssl remint --ca',
    });
  }
  let chosen = 0;
  for await (const run of activeBatches(ctx, head, only)) {
    const parts = run.parts.filter((part) => isToGoBack(run, part, only));
    await refuseExpired(ctx, run, parts);
    chosen += parts.length;
  }
  if (chosen === 0)
    throw new ZmintError('not-found', 'no server of this operation is active', {
      hint: 'zmint status',
    });
  const details = { members: chosen };
  const entry = { what: 'rollback-begun', at: now, operationId: operation.id, details };
  await recordEvent(ctx, entry, holding(ctx, head, only));
  await finishRollback(ctx, await loadRun(ctx, operation.id, now));
}

function activeBatches(
  ctx: OperationContext,
  head: OperationRun,
  only: ReadonlySet<string> | null,
): AsyncGenerator<OperationRun, void> {
  return partBatches(ctx, head, { certificates: false, sets: true, selection: 'active', only });
}

async function* holding(
  ctx: OperationContext,
  head: OperationRun,
  only: ReadonlySet<string> | null,
): ChangeStream {
  const operation: Operation = { ...head.operation, phase: 'activating', endedAt: null };
  yield { type: 'put-operation', operation };
  for await (const run of activeBatches(ctx, head, only)) {
    const chosen = run.parts.filter((part) => isToGoBack(run, part, only));
    const members = chosen.map((part): OperationMember => ({
      ...part,
      target: part.trustSet ?? part.previousSet,
      held: true,
      evidence: null,
      update: 'pending-certificate-activation',
    }));
    yield { type: 'put-operation-members', members };
  }
  yield* authorityBack(head);
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
export async function finishRollback(ctx: OperationContext, head: OperationRun): Promise<void> {
  const { operation, now } = head;
  const held = await ctx.store.countParts(operation.id, 'held');
  if (held === 0) return;
  const walk = { certificates: false, sets: true, selection: 'held' } as const;
  let done = 0;
  for await (const run of partBatches(ctx, head, walk)) {
    await goBack(ctx, run, { done, total: held });
    const homes = ctx.homes.deferred();
    for (const part of run.parts) await renderRepo(ctx, homes, run, part);
    await homes.flush();
    done += run.parts.length;
  }
  const active = await ctx.store.countParts(operation.id, 'active');
  if (active > 0 || operation.phase === 'armed') return;
  const next: Operation = {
    ...operation,
    phase: 'armed',
    activation: { when: 'held' },
    endedAt: null,
  };
  await recordEvent(ctx, { what: 'operation-rolled-back', at: now, operationId: operation.id }, [
    { type: 'put-operation', operation: next },
  ]);
}

async function goBack(
  ctx: OperationContext,
  run: OperationRun,
  progress: { readonly done: number; readonly total: number },
): Promise<void> {
  const drives = run.parts.flatMap((part): readonly Drive[] => {
    const reached = reachedMember(ctx, run, part);
    const to = findSet(run, part.memberId, part.target);
    if (!part.held || reached === undefined || to === undefined || to.state === 'live') return [];
    return [{ part, job: { ...reached, to, back: undefined } }];
  });
  const { operation, now } = run;
  const settle = (drive: Drive, outcome: SwitchOutcome): Promise<Settlement> =>
    settleBack(ctx, run, drive, outcome);
  const what = 'servers-rolled-back';
  await driveMembers(ctx, { operation, step: 'rollback', what, now, progress, settle }, drives);
}

/** Throws for the first one that has nothing to go back to, or something that has expired. */
async function refuseExpired(
  ctx: OperationContext,
  run: OperationRun,
  parts: readonly OperationMember[],
): Promise<void> {
  const roots = rootsBefore(run);
  const before = parts.flatMap((part) => setBefore(run, part) ?? []);
  const leaves = before.flatMap(({ leaf }) => leaf ?? []);
  await refuseRevoked(ctx, leaves);
  // What reads certificates is not loaded with every `ssl resume`, which finishes rollbacks too.
  const { refuseDistrusted } = await import('./refuse-distrusted.js');
  await refuseDistrusted(ctx, run.snapshot, before);
  const records = await ctx.store.certificatesNamed([...new Set([...roots, ...leaves])]);
  const ended = new Map(
    records.filter(({ notAfter }) => notAfter < run.now).map((one) => [one.fingerprint, one]),
  );
  for (const part of parts) {
    const reached = reachedMember(ctx, run, part);
    if (reached === undefined) continue;
    const { member, home } = reached;
    const back = setBefore(run, part);
    const there = back === undefined ? undefined : await ctx.homes.readSet(home, back.number);
    if (back === undefined || there === undefined) {
      throw new ZmintError('not-found', `${member.name} has no set from before to go back to`, {
        hint: `zmint ssl remint ${member.name}`,
      });
    }
    for (const fingerprint of [back.leaf ?? '', ...roots]) {
      const expired = ended.get(fingerprint);
      if (expired !== undefined) refuse(member, expired);
    }
  }
}

function setBefore(run: OperationRun, part: OperationMember): MemberSet | undefined {
  return findSet(run, part.memberId, part.trustSet ?? part.previousSet);
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
  const sets = run.snapshot.sets.get(job.member.id) ?? [];
  const changes: Change[] = [
    ...liveChange(sets, job.to.number, 'ready'),
    ...displaced(sets, drive),
    ...waitsAgain(sets, part),
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
  const there = (await ctx.homes.live(job.home)) === job.to.number;
  return { part: { ...part, update: 'error', problem }, changes: there ? changes : [] };
}

/**
 * Once retiring has begun a server serves a set without the old root: then its own set waits from
 * now on, as its remint-repo shows.
 */
function waitsAgain(sets: readonly MemberSet[], { futureSet }: OperationMember): readonly Change[] {
  const own = sets.find(({ number }) => number === futureSet);
  if (own?.state !== 'previous') return [];
  return [{ type: 'put-sets', sets: [{ ...own, state: 'ready' }] }];
}

/** What a later remint had put in place of the operation's own certificate is neither of the two. */
function displaced(sets: readonly MemberSet[], { part, job }: Drive): readonly Change[] {
  const leaf = sets.find((set) => set.state === 'live')?.leaf ?? null;
  if (leaf === null || leaf === part.futureCertificate || leaf === job.to.leaf) return [];
  return [{ type: 'set-certificate-state', fingerprints: [leaf], state: 'previous' }];
}
