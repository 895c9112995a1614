import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { recordEvent } from './record-event.js';
import { switchMember, type SwitchJob, type SwitchOutcome } from './switch-member.js';

/** So many members are switched at once; their reloads and looks overlap. */
const WAVE = 8;

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
}

/**
 * Switches members in the given order, in waves of one rank, and records each wave's results in one
 * transaction. A member that fails does not stop the others. Returns the parts as they are then.
 */
export async function driveMembers(
  ctx: OperationContext,
  run: DriveRun,
  drives: readonly Drive[],
): Promise<readonly OperationMember[]> {
  const settled: OperationMember[] = [];
  ctx.progress.report({ type: 'begin', step: run.step, total: drives.length });
  for (const wave of waves(drives)) {
    const outcomes = await Promise.all(wave.map((drive) => switchMember(ctx, drive.job)));
    const settlements: Settlement[] = [];
    for (const [index, drive] of wave.entries()) {
      const outcome = outcomes[index];
      if (outcome === undefined) continue;
      settlements.push(await run.settle(drive, outcome));
      reportMember(ctx, run, drive, outcome);
    }
    await recordWave(ctx, run, settlements);
    settled.push(...settlements.map((one) => one.part));
    ctx.progress.report({ type: 'advance', step: run.step, done: settled.length });
  }
  ctx.progress.report({ type: 'end', step: run.step });
  return settled;
}

function waves(drives: readonly Drive[]): readonly (readonly Drive[])[] {
  const sorted = [...drives].sort((a, b) => a.part.order - b.part.order);
  const result: Drive[][] = [];
  for (const drive of sorted) {
    const wave = result.at(-1);
    const fits =
      wave !== undefined && wave.length < WAVE && wave[0]?.part.order === drive.part.order;
    if (fits) wave.push(drive);
    else result.push([drive]);
  }
  return result;
}

async function recordWave(
  ctx: OperationContext,
  run: DriveRun,
  settlements: readonly Settlement[],
): Promise<void> {
  const parts = settlements.map((one) => one.part);
  const details = {
    members: parts.map((part) => ({
      member: part.memberId,
      update: part.update,
      ...(part.problem === null ? {} : { problem: part.problem.code }),
    })),
  };
  await recordEvent(ctx, { what: run.what, at: run.now, operationId: run.operation.id, details }, [
    { type: 'put-operation-members', members: parts },
    ...settlements.flatMap((one) => one.changes),
  ]);
}

function reportMember(
  ctx: OperationContext,
  run: DriveRun,
  drive: Drive,
  outcome: SwitchOutcome,
): void {
  ctx.progress.report({
    type: 'member',
    step: run.step,
    member: drive.job.member.name,
    ok: outcome.ok,
    text: outcome.ok ? outcome.evidence : outcome.message,
  });
}
