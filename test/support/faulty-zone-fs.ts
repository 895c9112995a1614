import type { ZoneFs } from '../../src/adapters/fs/zone-fs.js';

/** The process died here: from now on no verb works. */
export class SimulatedCrash extends Error {
  constructor(verb: string) {
    super(`simulated crash at ${verb}`);
    this.name = 'SimulatedCrash';
  }
}

/** Where the world stops, or a verb fails: at the `at`-th effect, counted from 1. */
export type Fault =
  | { readonly kind: 'crash-before' | 'crash-after'; readonly at: number }
  | { readonly kind: 'error'; readonly at: number; readonly error: Error };

export interface FaultyZoneFs extends ZoneFs {
  /** Effects that were begun so far. */
  effects(): number;
  /** Their names and paths, for the message of a failed test. */
  log(): readonly string[];
}

/**
 * A ZoneFs that counts effects (not reads, which change nothing) and stops at one of them. Without
 * a fault it only counts.
 */
export function faultyZoneFs(real: ZoneFs, fault?: Fault): FaultyZoneFs {
  const log: string[] = [];
  let crashed = false;

  const alive = (verb: string): void => {
    if (crashed) throw new SimulatedCrash(verb);
  };
  const read = <T>(verb: string, work: () => T): T => {
    alive(verb);
    return work();
  };
  const crash = (verb: string): never => {
    crashed = true;
    throw new SimulatedCrash(verb);
  };
  const effect = (verb: string, path: string, work: () => void): void => {
    alive(verb);
    log.push(`${verb} ${path}`);
    const isHere = fault?.at === log.length;
    if (isHere && fault.kind === 'error') throw fault.error;
    if (isHere && fault.kind === 'crash-before') crash(verb);
    work();
    if (isHere) crash(verb);
  };

  return {
    makeFolder: (path) => {
      effect('makeFolder', path, () => {
        real.makeFolder(path);
      });
    },
    writeNew: (path, bytes, mode) => {
      effect('writeNew', path, () => {
        real.writeNew(path, bytes, mode);
      });
    },
    writeUnsynced: (path, bytes) => {
      effect('writeUnsynced', path, () => {
        real.writeUnsynced(path, bytes);
      });
    },
    syncAll: async (what) => {
      effect('syncAll', [...what.folders, ...what.renamed].join(','), () => undefined);
      await real.syncAll(what);
    },
    syncFolder: (path) => {
      effect('syncFolder', path, () => {
        real.syncFolder(path);
      });
    },
    rename: (from, to) => {
      effect('rename', to, () => {
        real.rename(from, to);
      });
    },
    makeLink: (target, path) => {
      effect('makeLink', path, () => {
        real.makeLink(target, path);
      });
    },
    removeFile: (path) => {
      effect('removeFile', path, () => {
        real.removeFile(path);
      });
    },
    removeFolder: (path) => {
      effect('removeFolder', path, () => {
        real.removeFolder(path);
      });
    },
    list: (path) => read('list', () => real.list(path)),
    readBounded: (path, limit) => read('readBounded', () => real.readBounded(path, limit)),
    readDescriptor: (descriptor, limit) =>
      read('readDescriptor', () => real.readDescriptor(descriptor, limit)),
    inspect: (path) => read('inspect', () => real.inspect(path)),
    readLink: (path) => read('readLink', () => real.readLink(path)),
    now: () => real.now(),
    ownUid: () => real.ownUid(),
    effects: () => log.length,
    log: () => log,
  };
}

/** How a round went: the work ended in spite of the fault, the process died, or the work threw the error. */
export type Outcome = 'done' | 'crashed' | 'failed';

export interface FaultLoop<S> {
  readonly real: ZoneFs;
  /** What the verb throws in the rounds without a crash. */
  readonly error: Error;
  /** Makes a fresh state for one round. */
  start(): Promise<S>;
  work(state: S, fs: ZoneFs): Promise<void>;
  /** Judges what is there afterwards. */
  check(state: S, outcome: Outcome): Promise<void>;
}

/**
 * Does the work once for a crash before and once for a crash after every effect that it has, and
 * once for an error at every effect; judges each. Returns how many rounds there were; an error of
 * a round names its effect.
 */
export async function atEveryEffect<S>(loop: FaultLoop<S>): Promise<number> {
  const counting = faultyZoneFs(loop.real);
  await loop.work(await loop.start(), counting);
  const steps = counting.log();
  for (const [index, step] of steps.entries()) {
    const at = index + 1;
    const faults: readonly Fault[] = [
      { kind: 'crash-before', at },
      { kind: 'crash-after', at },
      { kind: 'error', at, error: loop.error },
    ];
    for (const fault of faults) await playRound(loop, fault, `${fault.kind} ${at}: ${step}`);
  }
  return steps.length * 3;
}

async function playRound<S>(loop: FaultLoop<S>, fault: Fault, name: string): Promise<void> {
  const state = await loop.start();
  try {
    await loop.check(state, await outcomeOf(loop, state, fault));
  } catch (error) {
    throw new Error(`${name}: ${String(error)}`, { cause: error });
  }
}

async function outcomeOf<S>(loop: FaultLoop<S>, state: S, fault: Fault): Promise<Outcome> {
  try {
    await loop.work(state, faultyZoneFs(loop.real, fault));
    return 'done';
  } catch (error) {
    if (error instanceof SimulatedCrash) return 'crashed';
    if (error === loop.error) return 'failed';
    throw error;
  }
}
