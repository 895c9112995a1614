import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Change, ChangeStream } from '../zone/change.js';
import { liveChange } from '../zone/live-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { withoutCa } from '../zone/without-ca.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { clearCancelled } from './clear-repos.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
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
import { removeFolders } from './prune-sets.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import type { SwitchOutcome } from './switch-member.js';
import { caKeyPlace, memberKeyPlace } from './ca-key-place.js';

/**
 * Restores the state from before an operation (I-13): live links, trust bundles, remint-repos; then
 * what was minted is `cancelled`. Idempotent; a crash inside is finished by the next run. Throws
 * `partial` when a member could not be put back: run it again.
 *
 * Order of writes: phase and targets; links; the trust store; remint-repos; folders and the CA key
 * that never came to be used; the records that say so last.
 */
export async function cancelOperation(ctx: OperationContext, begun: OperationRun): Promise<void> {
  const { operation, now } = begun;
  const entry = { what: 'cancel-begun', at: now, operationId: operation.id };
  await recordEvent(ctx, entry, beginning(ctx, begun));
  const head = await loadRun(ctx, operation.id, now);
  const stuck: string[] = [];
  for await (const run of partBatches(ctx, head, WITH_SETS))
    stuck.push(...(await putBack(ctx, run)));
  if (stuck.length > 0) {
    throw new ZmintError('partial', `not put back yet: ${stuck.join(', ')}`, {
      hint: 'zmint ssl resume',
    });
  }
  await withdrawRoot(ctx, head);
  for await (const run of partBatches(ctx, head, WITH_SETS)) await clearBatch(ctx, run);
  await discardKey(ctx, head);
  const ended = { what: 'operation-cancelled', at: now, operationId: operation.id };
  await recordEvent(ctx, ended, ending(ctx, head));
}

const WITH_SETS = { certificates: false, sets: true, selection: 'all' } as const;

async function* beginning(ctx: OperationContext, head: OperationRun): ChangeStream {
  yield { type: 'put-operation', operation: { ...head.operation, phase: 'cancelling' } };
  const walk = { ...MEMBERS_ALONE, selection: 'all' } as const;
  for await (const { parts } of partBatches(ctx, head, walk)) {
    const members = parts.map((part) => ({ ...part, target: part.previousSet, problem: null }));
    yield { type: 'put-operation-members', members };
  }
}

async function clearBatch(ctx: OperationContext, run: OperationRun): Promise<void> {
  const homes = ctx.homes.deferred();
  for (const part of run.parts) await clearOwnRepo(ctx, homes, run, part);
  // What a repo holds is known as zmint's by the set: the set must not go first in a power cut.
  await homes.flush();
  for (const part of run.parts) {
    const member = memberOf(run, part);
    const numbers = [part.trustSet, part.futureSet].filter((number) => number !== null);
    const sets = run.snapshot.sets.get(part.memberId) ?? [];
    if (member !== undefined) await removeFolders(ctx, homes, { member, sets, numbers });
  }
  await homes.flush();
}

/** A home in which nothing was made cannot hold anything of ours, and may be out of reach for that reason. */
async function clearOwnRepo(
  ctx: OperationContext,
  homes: MemberHomes,
  run: OperationRun,
  part: OperationMember,
): Promise<void> {
  try {
    await clearCancelled(ctx, homes, run, part);
  } catch (error) {
    const unmade = part.creation !== 'new-certificate-created';
    if (!unmade || !(error instanceof ZmintError) || error.code === 'bug') throw error;
  }
}

/** Returns the names of members whose `live` is not what it was. */
async function putBack(ctx: OperationContext, run: OperationRun): Promise<readonly string[]> {
  const drives: Drive[] = [];
  for (const part of run.parts) {
    const reached = reachedMember(ctx, run, part);
    if (reached === undefined) continue;
    const { member, home } = reached;
    const live = await observedLive(ctx, home);
    // Put back by a run that died before its link was durable and its result recorded: once more.
    const recorded = liveSet(run.snapshot, member.id)?.number ?? null;
    if (![live, recorded].some((one) => isOwn(part, one))) continue;
    const to = findSet(run, member.id, part.previousSet);
    if (to === undefined) await ctx.homes.unlinkLive(home);
    else drives.push({ part, job: { member, home, to, back: undefined } });
  }
  const switched = new Set<string>();
  const settle = async (drive: Drive, outcome: SwitchOutcome): Promise<Settlement> => {
    const back = outcome.ok || (await isBack(ctx, drive, outcome.code));
    if (back) switched.add(drive.job.member.id);
    return settlePutBack(run, drive, { outcome, back });
  };
  await driveMembers(
    ctx,
    { operation: run.operation, step: 'put-back', what: 'sets-put-back', now: run.now, settle },
    drives,
  );
  return drives.flatMap(({ job }) => (switched.has(job.member.id) ? [] : [job.member.name]));
}

/** A reload or a look that failed leaves the link where it was put, durable. */
async function isBack(ctx: OperationContext, { job }: Drive, code: string): Promise<boolean> {
  return code !== 'storage' && (await observedLive(ctx, job.home)) === job.to.number;
}

function isOwn(part: OperationMember, number: number | null | undefined): boolean {
  return number != null && [part.trustSet, part.futureSet].includes(number);
}

/** A home that cannot be looked at holds nothing of ours that is live. */
async function observedLive(ctx: OperationContext, home: string): Promise<number | undefined> {
  try {
    return await ctx.homes.live(home);
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return undefined;
    throw error;
  }
}

function settlePutBack(
  run: OperationRun,
  drive: Drive,
  { outcome, back }: { readonly outcome: SwitchOutcome; readonly back: boolean },
): Settlement {
  const sets = run.snapshot.sets.get(drive.job.member.id) ?? [];
  const problem = outcome.ok ? null : { code: outcome.code, message: outcome.message, at: run.now };
  return {
    part: { ...drive.part, problem },
    // What still points to a set of ours stays recorded so: the next run puts it back.
    changes: back ? liveChange(sets, drive.job.to.number, 'discarded') : [],
  };
}

async function withdrawRoot(ctx: OperationContext, run: OperationRun): Promise<void> {
  if (run.operation.kind !== 'ca-remint') return;
  const alias = authorityAlias(run.operation.generation);
  const anchor = (await ctx.store.anchors()).find((one) => one.alias === alias);
  if (anchor !== undefined) {
    await recordEvent(
      ctx,
      { what: 'anchor-removed', at: run.now, operationId: run.operation.id, details: { alias } },
      [{ type: 'remove-anchor', alias }],
    );
  }
  await publishTrust(ctx);
}

async function* ending(ctx: OperationContext, head: OperationRun): ChangeStream {
  const { operation, snapshot, now } = head;
  yield { type: 'put-operation', operation: { ...operation, phase: 'cancelled', endedAt: now } };
  const walk = { ...EVERYTHING, selection: 'all' } as const;
  for await (const run of partBatches(ctx, head, walk)) {
    const unlinked = run.parts.filter((part) => part.previousSet === null);
    const withoutLive = new Set(unlinked.map((part) => part.memberId));
    const sets = [...run.snapshot.sets.values()]
      .flat()
      .filter((set) => set.operationId === operation.id)
      .filter((set) => set.state !== 'live' || withoutLive.has(set.memberId));
    const members = run.parts.map((part): OperationMember => ({
      ...part,
      update: 'not-assigned',
      target: part.previousSet,
    }));
    yield { type: 'put-operation-members', members };
    yield { type: 'put-sets', sets: sets.map((set) => ({ ...set, state: 'discarded' })) };
    yield cancelled(operation, [...run.snapshot.future.values()]);
  }
  yield cancelled(operation, snapshot.authorityCertificates);
  if (operation.kind !== 'ca-remint') return;
  const made = snapshot.authorities.find((one) => one.generation === operation.generation);
  if (made !== undefined)
    yield { type: 'put-authority', authority: { ...made, state: 'cancelled' } };
  const before = snapshot.authorities.find(
    (one) => one.generation === operation.previousGeneration,
  );
  const { origin } = operation.plannedAuthority ?? {};
  if (origin !== undefined && origin.kind !== 'external' && before?.kind === 'external')
    yield { type: 'put-zone', zone: withoutCa(snapshot.zone) };
}

/** What was minted for the operation and never came into use. */
function cancelled(operation: Operation, records: readonly CertificateRecord[]): Change {
  const own = records.filter(
    (record) => record.operationId === operation.id && record.state === 'future',
  );
  const fingerprints = own.map((record) => record.fingerprint);
  return { type: 'set-certificate-state', fingerprints, state: 'cancelled' };
}

/** Of a key in a token only the certificate beside it: a cancel needs no token, and doctor names what is left in it. */
async function discardKey(ctx: OperationContext, run: OperationRun): Promise<void> {
  const { operation, snapshot } = run;
  const { plannedAuthority, generation } = operation;
  const origin = plannedAuthority?.origin;
  if (plannedAuthority === null || origin?.kind === 'external') return;
  if (origin !== undefined) {
    const made = snapshot.authorities.find((one) => one.generation === generation);
    // The CA role may have moved since.
    const keyMemberId = made?.keyMemberId ?? origin.keyMemberId;
    await ctx.vault.discard(await memberKeyPlace(ctx, { keyMemberId, generation }));
    return;
  }
  const active = snapshot.authorities.find(
    (one) => one.generation === operation.previousGeneration,
  );
  if (active === undefined) return;
  const { home } = await caKeyPlace(ctx, snapshot, active);
  await ctx.vault.discard({ home, generation });
}
