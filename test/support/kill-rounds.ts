import { cpSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import { zmint } from './run-program.js';
import { ROUNDS_FOLDER } from './play-world.js';
import { checkHome, type SeenServer } from './zone-fsck.js';
import { eventCount, stateOf, withReader } from './zone-state.js';

/** A command of the built program that is to be killed while it works. */
export interface KillScenario {
  readonly name: string;
  /** A zone in the state in which the command starts; copied for each round. */
  readonly start: string;
  readonly words: readonly string[];
  /** The names of the servers, all with their default home. */
  readonly servers: readonly string[];
  /** What `ssl resume` needs to be told, if anything. */
  readonly recovery?: readonly string[];
  /** The exit statuses that the recovery may end with; 0 when nothing is said. */
  readonly recovered?: readonly number[];
  /** Judges the zone after recovery: it is as before the command, or as after it. */
  readonly check: (
    reader: ZoneReader,
    seen: ReadonlyMap<string, SeenServer>,
    zoneHome: string,
  ) => Promise<void>;
  /** Judges what lies there right after the kill. */
  readonly killed?: (zoneHome: string) => Promise<void>;
  /** Where the kill hit, when it is not told by the newest operation. */
  readonly phase?: (reader: ZoneReader) => Promise<string>;
}

/** The phase of a kill that came before the command had written anything. */
export const EARLY = 'before the first write';

/** Where the kills of a scenario hit: by the phase of the operation at that moment. */
export type KillTally = Map<string, number>;

/** When the command usually begins to write and when it ends, in milliseconds after its start. */
export interface WorkWindow {
  readonly begin: number;
  readonly end: number;
}

/** Runs the command to its end a few times, two at once as in the rounds. */
export async function measure(scenario: KillScenario): Promise<WorkWindow> {
  const lane = async (): Promise<readonly WorkWindow[]> => [
    await measureOnce(scenario),
    await measureOnce(scenario),
  ];
  const windows = (await Promise.all([lane(), lane()])).flat();
  const middle = (numbers: readonly number[]): number =>
    [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
  return {
    begin: middle(windows.map((one) => one.begin)),
    end: middle(windows.map((one) => one.end)),
  };
}

function measureOnce(scenario: KillScenario): Promise<WorkWindow> {
  return inCopy(scenario, async (zoneHome) => {
    const log = join(zoneHome, 'zone.db-wal');
    const size = (): number => statSync(log, { throwIfNoEntry: false })?.size ?? 0;
    const started = performance.now();
    let begin: number | undefined;
    const watch = setInterval(() => {
      if (size() > 0) begin ??= performance.now() - started;
    }, 1);
    const done = await zmint(['--zone', zoneHome, ...scenario.words]);
    clearInterval(watch);
    if (done.status !== 0)
      throw new Error(`${scenario.name} ended with ${done.status ?? 'a signal'}: ${done.err}`);
    return { begin: begin ?? 0, end: done.ms };
  });
}

/**
 * Starts the command, kills it with SIGKILL after so many milliseconds, and looks; recovers, looks
 * again; recovers once more, which must change nothing. Returns the phase in which the kill hit;
 * undefined when the command was faster.
 */
export async function killRound(
  scenario: KillScenario,
  after: number,
): Promise<string | undefined> {
  return inCopy(scenario, async (zoneHome) => {
    const before = await eventCount(zoneHome);
    const run = await zmint(['--zone', zoneHome, ...scenario.words], {
      started: (child) => {
        const timer = setTimeout(() => child.kill('SIGKILL'), after);
        child.on('exit', () => {
          clearTimeout(timer);
        });
      },
    });
    lookAt(scenario, zoneHome);
    if (run.signal !== 'SIGKILL') return undefined;
    await scenario.killed?.(zoneHome);
    const phase = await phaseOf(scenario, zoneHome, before);
    await recover(scenario, zoneHome);
    return phase;
  });
}

async function recover(scenario: KillScenario, zoneHome: string): Promise<void> {
  const words = ['--zone', zoneHome, 'ssl', 'resume', ...(scenario.recovery ?? [])];
  const resumed = await zmint(words);
  if (!(scenario.recovered ?? [0]).includes(resumed.status ?? -1))
    throw new Error(`ssl resume ended with ${resumed.status ?? 'a signal'}: ${resumed.err}`);
  const seen = lookAt(scenario, zoneHome);
  await withReader(zoneHome, async (reader) => {
    const damage = await reader.damage();
    if (damage.length > 0) throw new Error(`damage: ${damage.join('; ')}`);
    await scenario.check(reader, seen, zoneHome);
  });
  const state = await stateOf(zoneHome);
  const again = await zmint(words);
  if (again.status !== 0) throw new Error(`ssl resume once more: ${again.err}`);
  if ((await stateOf(zoneHome)) !== state) throw new Error('a second recovery changed something');
}

/** Every server at once, by independent eyes. */
function lookAt(scenario: KillScenario, zoneHome: string): ReadonlyMap<string, SeenServer> {
  const now = new Date();
  return new Map(
    scenario.servers.map((name) => [name, checkHome(join(zoneHome, 'servers', name), now)]),
  );
}

async function phaseOf(scenario: KillScenario, zoneHome: string, before: number): Promise<string> {
  if ((await eventCount(zoneHome)) === before) return EARLY;
  return withReader(zoneHome, scenario.phase ?? newestPhase);
}

async function newestPhase(reader: ZoneReader): Promise<string> {
  return (await reader.operations()).at(-1)?.phase ?? 'none';
}

async function inCopy<T>(
  scenario: KillScenario,
  work: (zoneHome: string) => Promise<T>,
): Promise<T> {
  const folder = mkdtempSync(join(ROUNDS_FOLDER, 'zmint-kill-'));
  const zoneHome = join(folder, 'zone');
  try {
    cpSync(scenario.start, zoneHome, { recursive: true, verbatimSymlinks: true });
    return await work(zoneHome);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
