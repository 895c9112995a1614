import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { OperationContext } from '../../src/ports/context.js';
import { FaultLine, type CrashPoint } from './fault-line.js';
import { SimulatedCrash } from './faulty-zone-fs.js';
import { checkRecorded } from './recorded-sets.js';
import { openTestZone, type TestWorld } from './test-zone.js';
import { checkHome } from './zone-fsck.js';

// Thousands of rounds: in memory where the system has such a folder, where syncing costs nothing.
const ROUNDS = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** A command whose every effect is to be a place to die. */
export interface CrashScenario {
  /** A zone home in the state in which the command starts; copied for each round. */
  readonly start: string;
  readonly now: number;
  /** Names of servers with a default home. */
  readonly servers: readonly string[];
  readonly work: (ctx: OperationContext) => Promise<unknown>;
  /** Judges the zone after recovery. */
  readonly check: (ctx: OperationContext, zoneHome: string) => Promise<void>;
  /** Of the CA; default: the zone has none. */
  readonly passphrase?: string;
  /** How many members are worked on between two commits; default: all of them. */
  readonly batchSize?: number;
  /** The one place where rounds are played, for zones that know whole paths; default: fresh folders. */
  readonly zoneHome?: string;
  /** Only at every so-maniest effect; default: 1. */
  readonly stride?: number;
  /** Where to die; default: before and after each effect. */
  readonly whens?: readonly CrashPoint['when'][];
  /** The recovery, when it is not `ssl resume` alone. */
  readonly recover?: (ctx: OperationContext) => Promise<unknown>;
  /** What is plugged in and at hand, made anew for each process. */
  readonly world?: (moment: { readonly isRecovery: boolean }) => Partial<TestWorld>;
  /** Files of persons or imports may lie in remint-repos. */
  readonly placed?: boolean;
  /** Judges what lies there after a death, before the recovery. */
  readonly seen?: (zoneHome: string) => Promise<void>;
  /** Homes outside of the zone home: what they hold in the beginning, and where they lie. */
  readonly outside?: readonly { readonly start: string; readonly place: string }[];
}

export interface CrashCount {
  readonly effects: number;
  readonly rounds: number;
}

/**
 * Runs the command once to count its effects; then dies before and after each of them, looks at
 * every server with independent eyes, recovers, looks again, and recovers once more, which must
 * change nothing. An error names the effect.
 */
export async function crashEverywhere(scenario: CrashScenario): Promise<CrashCount> {
  const effects = await countEffects(scenario);
  let rounds = 0;
  for (let at = 1; at <= effects.length; at += scenario.stride ?? 1) {
    for (const when of scenario.whens ?? (['before', 'after'] as const)) {
      await round(
        scenario,
        [{ at, when }],
        `${when} effect ${at} of ${effects.length}: ${effects[at - 1] ?? ''}`,
      );
      rounds += 1;
    }
  }
  return { effects: effects.length, rounds };
}

/** As `crashEverywhere`, with a second death at every effect of the recovery, for every `stride`-th effect. */
export async function crashTwice(scenario: CrashScenario, stride: number): Promise<CrashCount> {
  const effects = await countEffects(scenario);
  let rounds = 0;
  for (let at = 1; at <= effects.length; at += stride) {
    for (let second = 1; ; second += 1) {
      const points: readonly CrashPoint[] = [
        { at, when: 'after' },
        { at: second, when: 'before' },
      ];
      const reached = await round(
        scenario,
        points,
        `after effect ${at}, then before effect ${second} of the recovery`,
      );
      rounds += 1;
      if (!reached) break;
    }
  }
  return { effects: effects.length, rounds };
}

async function countEffects(scenario: CrashScenario): Promise<readonly string[]> {
  return inCopy(scenario, async (zoneHome) => {
    const faults = new FaultLine();
    const ctx = await openTestZone({ ...worldOf(scenario, zoneHome), faults });
    await scenario.work(ctx);
    ctx.store.close();
    return faults.log;
  });
}

/** Returns whether the last point was reached. */
async function round(
  scenario: CrashScenario,
  points: readonly CrashPoint[],
  name: string,
): Promise<boolean> {
  return inCopy(scenario, async (zoneHome) => {
    const world = worldOf(scenario, zoneHome);
    const later = worldOf(scenario, zoneHome, true);
    try {
      const [first, ...others] = points;
      let reached = await die(world, first, scenario.work);
      await lookAfterDeath(scenario, zoneHome);
      for (const point of others) {
        reached = await die(later, point, (ctx) => recoveryOf(scenario)(ctx));
        await lookAfterDeath(scenario, zoneHome);
      }
      await recoverTwice(scenario, later);
      return reached;
    } catch (error) {
      throw new Error(
        `died ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        { cause: error },
      );
    }
  });
}

async function die(
  world: TestWorld,
  point: CrashPoint | undefined,
  work: CrashScenario['work'],
): Promise<boolean> {
  const faults = new FaultLine(point);
  const ctx = await openTestZone({ ...world, faults });
  try {
    await work(ctx);
    return false;
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) throw error;
    return true;
  } finally {
    ctx.store.close();
  }
}

function recoveryOf(scenario: CrashScenario): (ctx: OperationContext) => Promise<unknown> {
  return scenario.recover ?? ((ctx) => resumeOperations(ctx, scenario.now));
}

async function recoverTwice(scenario: CrashScenario, world: TestWorld): Promise<void> {
  const ctx = await openTestZone(world);
  try {
    await recoveryOf(scenario)(ctx);
    look(scenario, world.zoneHome);
    await checkRecorded(world.zoneHome, world.now, 'recovered', scenario.placed);
    const damage = await ctx.store.damage();
    if (damage.length > 0) throw new Error(`damage: ${damage.join('; ')}`);
    await scenario.check(ctx, world.zoneHome);
    const again = await resumeOperations(ctx, scenario.now);
    const moved = again.filter((one) => one.moved);
    if (moved.length > 0)
      throw new Error(
        `a second recovery moved ${moved.map((one) => one.report.operation.id).join()}`,
      );
  } finally {
    ctx.store.close();
  }
}

function look(scenario: CrashScenario, zoneHome: string): void {
  for (const name of scenario.servers)
    checkHome(join(zoneHome, 'servers', name), new Date(scenario.now * 1000));
}

async function lookAfterDeath(scenario: CrashScenario, zoneHome: string): Promise<void> {
  look(scenario, zoneHome);
  await scenario.seen?.(zoneHome);
}

function worldOf(scenario: CrashScenario, zoneHome: string, isRecovery = false): TestWorld {
  const { now, batchSize, passphrase, world } = scenario;
  return {
    zoneHome,
    now,
    ...(batchSize === undefined ? {} : { batchSize }),
    ...(passphrase === undefined ? {} : { passphrase }),
    ...world?.({ isRecovery }),
  };
}

async function inCopy<T>(
  scenario: CrashScenario,
  work: (zoneHome: string) => Promise<T>,
): Promise<T> {
  for (const { start, place } of scenario.outside ?? []) {
    rmSync(place, { recursive: true, force: true });
    cpSync(start, place, { recursive: true, verbatimSymlinks: true });
  }
  if (scenario.zoneHome !== undefined) {
    rmSync(scenario.zoneHome, { recursive: true, force: true });
    cpSync(scenario.start, scenario.zoneHome, { recursive: true, verbatimSymlinks: true });
    return work(scenario.zoneHome);
  }
  const folder = mkdtempSync(join(ROUNDS, 'zmint-crash-'));
  const zoneHome = join(folder, 'zone');
  try {
    cpSync(scenario.start, zoneHome, { recursive: true, verbatimSymlinks: true });
    return await work(zoneHome);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
