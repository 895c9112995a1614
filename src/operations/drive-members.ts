import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { inCompanies, type Company } from './in-companies.js';
import { recordEvent, type Happening } from './record-event.js';
import { createSlots, type Slots } from './slots.js';
import type { SwitchJob, SwitchOutcome } from './switch-member.js';
import { switchWave } from './switch-wave.js';
import { createWaitWatch, type WaitWatch } from './wait-watch.js';
import { WAVE_LIMITS, type WaveLimits } from './wave-limits.js';

/** An event names so many members; of more it names those that failed. */
const NAMED = 50;

/** A member of an operation that is to be switched. */
export interface Drive {
  readonly part: OperationMember;
  readonly job: SwitchJob;
}

/** What a switch means for the database. */
export interface Settlement {
  readonly part: OperationMember;
  readonly changes: readonly Change[];
}

export interface DriveRun {
  readonly operation: Operation;
  /** For progress: `activate`, `stage` … */
  readonly step: string;
  /** For the audit log: `servers-activated` … */
  readonly what: string;
  readonly now: Instant;
  readonly settle: (drive: Drive, outcome: SwitchOutcome) => Promise<Settlement>;
  /** Where these members are one batch of a longer step: how many came before, how many there are. */
  readonly progress?: { readonly done: number; readonly total: number };
  /** Default: `WAVE_LIMITS`. */
  readonly limits?: WaveLimits;
}

/**
 * Switches members in waves, by rank, and records each wave's results. A member that fails is put
 * back and does not stop the others. Returns the parts as they are then.
 *
 * The targets have been recorded before. In each wave the order is: links (one rename each), one
 * sync, reload commands, looks, then one commit of the results; so what is recorded as done
 * survives a power cut (I-16), and a crash anywhere leaves the wave to be driven again to the same
 * targets, which is harmless (I-2, I-11, I-12).
 *
 * Members that are reloaded or looked at are at risk until their looks are over. So each rank
 * begins with a small wave of them, and larger ones follow as long as at least half of the last
 * one took its new set. Nothing can be seen to fail for the others: they go by the thousand.
 *
 * Throws `storage` when a wave's links cannot be made durable: they are as before then, nothing of
 * the wave is recorded, and its targets stay for the next run.
 */
export async function driveMembers(
  ctx: OperationContext,
  run: DriveRun,
  drives: readonly Drive[],
): Promise<readonly OperationMember[]> {
  const { step, limits = WAVE_LIMITS, progress = { done: 0, total: drives.length } } = run;
  const { done, total } = progress;
  ctx.progress.report({ type: 'begin', step, total, ...(done > 0 ? { done } : {}) });
  const watch = createWaitWatch(ctx, step);
  const reloads = createSlots(limits.reloads);
  const settled: OperationMember[] = [];
  try {
    for (const company of inCompanies(drives)) {
      const hands = { limits, reloads, watch, before: done + settled.length };
      settled.push(...(await driveCompany(ctx, run, company, hands)));
    }
  } finally {
    watch.end();
  }
  ctx.progress.report({ type: 'end', step });
  return settled;
}

interface DriveHands {
  readonly limits: WaveLimits;
  readonly reloads: Slots;
  readonly watch: WaitWatch;
  /** How many members of the step came before. */
  readonly before: number;
}

async function driveCompany(
  ctx: OperationContext,
  run: DriveRun,
  { served, drives }: Company<Drive>,
  hands: DriveHands,
): Promise<readonly OperationMember[]> {
  const { limits } = hands;
  const settled: OperationMember[] = [];
  let size = served ? limits.first : limits.files;
  while (settled.length < drives.length) {
    const wave = drives.slice(settled.length, settled.length + size);
    const before = hands.before + settled.length;
    const { parts, failed } = await driveWave(ctx, run, wave, { ...hands, before });
    settled.push(...parts);
    if (served) size = 2 * failed <= wave.length ? limits.served : limits.first;
  }
  return settled;
}

async function driveWave(
  ctx: OperationContext,
  run: DriveRun,
  wave: readonly Drive[],
  { reloads, watch, before }: DriveHands,
): Promise<{ readonly parts: readonly OperationMember[]; readonly failed: number }> {
  const outcomes = new Map<SwitchJob, SwitchOutcome>();
  const jobs = wave.map((drive) => drive.job);
  await switchWave(ctx, jobs, {
    reloads,
    watch,
    ended: (job, outcome) => {
      outcomes.set(job, outcome);
      reportMember(ctx, run, job, outcome);
      ctx.progress.report({ type: 'advance', step: run.step, done: before + outcomes.size });
    },
  });
  const settlements: Settlement[] = [];
  for (const drive of wave) {
    const outcome = outcomes.get(drive.job);
    if (outcome === undefined)
      throw new ZmintError('bug', `${drive.job.member.name} has no outcome`);
    settlements.push(await run.settle(drive, outcome));
  }
  await recordWave(ctx, run, wave, settlements);
  const failed = [...outcomes.values()].filter((outcome) => !outcome.ok).length;
  return { parts: settlements.map((one) => one.part), failed };
}

async function recordWave(
  ctx: OperationContext,
  run: DriveRun,
  wave: readonly Drive[],
  settlements: readonly Settlement[],
): Promise<void> {
  const parts = settlements.map((one) => one.part);
  const details = parts.length > NAMED ? countedDetails(wave, parts) : namedDetails(parts);
  await recordEvent(ctx, { what: run.what, at: run.now, operationId: run.operation.id, details }, [
    { type: 'put-operation-members', members: parts },
    ...settlements.flatMap((one) => one.changes),
  ]);
}

type Details = NonNullable<Happening['details']>;

function namedDetails(parts: readonly OperationMember[]): Details {
  return {
    members: parts.map(({ memberId, update, problem }) => ({
      member: memberId,
      update,
      ...(problem === null ? {} : { problem: problem.code }),
    })),
  };
}

/** Thousands of names would make the audit log as large as the zone. */
function countedDetails(wave: readonly Drive[], parts: readonly OperationMember[]): Details {
  const names = new Map(wave.map(({ job }) => [job.member.id, job.member.name]));
  const failed = parts.flatMap(({ memberId, problem }) =>
    problem === null ? [] : [{ member: names.get(memberId) ?? memberId, problem: problem.code }],
  );
  return { succeeded: parts.length - failed.length, failed };
}

function reportMember(
  ctx: OperationContext,
  run: DriveRun,
  job: SwitchJob,
  outcome: SwitchOutcome,
): void {
  const text = outcome.ok ? outcome.evidence : outcome.message;
  const member = job.member.name;
  ctx.progress.report({ type: 'member', step: run.step, member, ok: outcome.ok, text });
}
