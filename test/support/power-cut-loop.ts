import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createNodeZoneFs, type ZoneFs } from '../../src/adapters/fs/zone-fs.js';
import { resumeOperations } from '../../src/operations/resume-operations.js';
import type { BatchScene } from './batch-scenes.js';
import { FaultLine } from './fault-line.js';
import { SimulatedCrash } from './faulty-zone-fs.js';
import { powerCutFs, type PowerCutFs } from './power-cut-fs.js';
import { checkRecorded } from './recorded-sets.js';
import { seededRandom } from './seeded-random.js';
import type { Random } from './surviving.js';
import { openTestZone, type TestWorld } from './test-zone.js';

/** How often a second cut meets the recovery, and among how many of its effects. */
const TWICE = 0.4;
const REACH = 120;

/** So that no two cuts share their random numbers. */
const WAYS_APART = 1_000_003;
const MOMENTS_APART = 7919;

/** A command during which the power goes out; an end before the cut is told to `check`. */
export interface PowerCutScenario extends BatchScene {
  readonly batchSize: number;
  /** What the disk makes of it, to prove that the test can fail. */
  readonly bend?: (disk: PowerCutFs) => ZoneFs;
}

export interface PowerCutCount {
  readonly cuts: number;
  /** The cuts that found something unsynced: the others are no more than crashes. */
  readonly open: number;
}

/**
 * Runs the command until a random effect, and once to its end, cuts the power there in several
 * ways, looks, recovers, looks again and judges. An error names the effect and the cut. The same
 * seed makes the same cuts.
 */
export async function cutEverywhere(
  scenario: PowerCutScenario,
  seed: number,
  { moments, ways }: { readonly moments: number; readonly ways: number },
): Promise<PowerCutCount> {
  const { log } = await play(begin(scenario), new FaultLine());
  const count = { cuts: 0, open: 0 };
  for (let moment = 0; moment < moments; moment += 1) {
    const choice = seededRandom(seed + moment);
    const at = moment === 0 ? log.length + 1 : 1 + Math.floor(choice() * log.length);
    const when = choice() < 0.5 ? ('before' as const) : ('after' as const);
    const { disk, done } = await play(begin(scenario), new FaultLine({ at, when }));
    const left = keepRecords(scenario);
    for (let way = 1; way <= ways; way += 1) {
      const name = `cut ${way} ${when} effect ${at} of ${log.length}: ${log[at - 1] ?? 'the end'}`;
      const random = seededRandom(seed + moment * WAYS_APART + way * MOMENTS_APART);
      await cutOnce(scenario, { disk, left, done, name }, random);
      count.cuts += 1;
      if (disk.unsynced() > 0) count.open += 1;
    }
    rmSync(left, { recursive: true });
  }
  return count;
}

interface Played {
  readonly disk: PowerCutFs;
  readonly done: boolean;
  readonly log: readonly string[];
}

function begin(scenario: PowerCutScenario): PowerCutScenario {
  const { start, zoneHome } = scenario;
  rmSync(zoneHome, { recursive: true, force: true });
  cpSync(start, zoneHome, { recursive: true, verbatimSymlinks: true });
  return scenario;
}

/** On the zone that is there. */
async function play(scenario: PowerCutScenario, faults: FaultLine): Promise<Played> {
  const { zoneHome, now, batchSize } = scenario;
  const disk = powerCutFs(createNodeZoneFs(), zoneHome);
  const world = { zoneHome, now, batchSize, faults, disk: scenario.bend?.(disk) ?? disk };
  const ctx = await openTestZone(world);
  try {
    await scenario.work(ctx);
    return { disk, done: true, log: faults.log };
  } catch (error) {
    if (!(error instanceof SimulatedCrash)) throw error;
    return { disk, done: false, log: faults.log };
  } finally {
    ctx.store.close();
  }
}

/** The database as it is: SQLite syncs what it has committed. */
function keepRecords({ zoneHome }: PowerCutScenario): string {
  const kept = mkdtempSync(join(dirname(zoneHome), 'records-'));
  for (const name of readdirSync(zoneHome).filter((one) => /\.db(?:-wal|-shm)?$/u.test(one)))
    cpSync(join(zoneHome, name), join(kept, name));
  return kept;
}

interface Cut extends Pick<Played, 'disk' | 'done'> {
  readonly left: string;
  readonly name: string;
}

async function cutOnce(scenario: PowerCutScenario, cut: Cut, random: Random): Promise<void> {
  const { zoneHome, now, batchSize } = scenario;
  restore(scenario, cut.left);
  cut.disk.cut(zoneHome, random);
  try {
    await checkRecorded(zoneHome, now, 'cut');
    if (random() < TWICE) await cutRecovery(scenario, random);
    await recover({ zoneHome, now, batchSize, disk: afterwards() }, scenario, cut.done);
  } catch (error) {
    const fact = error instanceof Error ? (error.stack ?? error.message) : String(error);
    throw new Error(`${cut.name}: ${fact}`, { cause: error });
  }
}

/** The power goes out during the recovery too, at an effect that it may not reach. */
async function cutRecovery(scenario: PowerCutScenario, random: Random): Promise<void> {
  const { now } = scenario;
  const work: PowerCutScenario['work'] = (ctx) => resumeOperations(ctx, now);
  const faults = new FaultLine({ at: 1 + Math.floor(random() * REACH), when: 'before' });
  const { disk } = await play({ ...scenario, work }, faults);
  const left = keepRecords(scenario);
  restore(scenario, left);
  rmSync(left, { recursive: true });
  disk.cut(scenario.zoneHome, random);
  await checkRecorded(scenario.zoneHome, now, 'cut');
}

function restore({ zoneHome }: PowerCutScenario, left: string): void {
  rmSync(zoneHome, { recursive: true, force: true });
  cpSync(left, zoneHome, { recursive: true });
}

/** It takes more than a minute until somebody is there again. */
function afterwards(): ZoneFs {
  const fs = createNodeZoneFs();
  return { ...fs, now: () => fs.now() + 60_000 };
}

async function recover(world: TestWorld, scenario: PowerCutScenario, done: boolean): Promise<void> {
  const ctx = await openTestZone(world);
  try {
    await resumeOperations(ctx, world.now);
    await checkRecorded(world.zoneHome, world.now, 'recovered');
    const damage = await ctx.store.damage();
    if (damage.length > 0) throw new Error(`damage: ${damage.join('; ')}`);
    await scenario.check(ctx, done);
    const again = await resumeOperations(ctx, world.now);
    const moved = again.filter((one) => one.moved).map((one) => one.report.operation.id);
    if (moved.length > 0) throw new Error(`a second recovery moved ${moved.join()}`);
  } finally {
    ctx.store.close();
  }
}
