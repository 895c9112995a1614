import { Worker } from 'node:worker_threads';
import { ZmintError } from '../../errors.js';
import type { SetToWrite } from '../../ports/member-homes.js';
import type { LaneAnswer } from './lane-task.js';
import { packSets } from './pack-sets.js';

/** A thread beside this one that writes sets, so that keys are made while files are. */
export interface SetLane {
  /** Throws `bug` when the thread fails. */
  write(sets: readonly SetToWrite[]): Promise<LaneAnswer>;
}

/** A batch of sets takes a few megabytes: without limits V8 lets garbage pile up. */
const LIMITS = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 128 };

interface Waiting {
  readonly resolve: (answer: LaneAnswer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A lane for the homes of one zone. The thread starts with its first task and keeps no process
 * alive that has nothing else to do.
 *
 * @param code - the program of the thread, which runs `serveLane`
 */
export function createSetLane(code: string, zoneHome: string): SetLane {
  const waiting = new Map<number, Waiting>();
  let worker: Worker | undefined;
  let next = 1;
  const fail = (error: unknown): void => {
    for (const { reject } of waiting.values()) reject(broken(error));
    waiting.clear();
    worker = undefined;
  };
  const start = (): Worker => {
    const started = new Worker(code, {
      eval: true,
      workerData: { zoneHome },
      resourceLimits: LIMITS,
    });
    started.on('message', (answer: LaneAnswer) => {
      const one = waiting.get(answer.id);
      waiting.delete(answer.id);
      if (waiting.size === 0) started.unref();
      if (answer.broken === undefined) one?.resolve(answer);
      else one?.reject(broken(answer.broken));
    });
    started.on('error', fail);
    started.on('exit', (status) => {
      fail(`it ended with status ${status}`);
    });
    return started;
  };
  return {
    write: (sets) =>
      new Promise((resolve, reject) => {
        worker ??= start();
        worker.ref();
        const task = packSets(next, sets);
        next += 1;
        waiting.set(task.id, { resolve, reject });
        worker.postMessage(task, [task.bytes.buffer as ArrayBuffer]);
      }),
  };
}

function broken(error: unknown): ZmintError {
  const why = error instanceof Error ? error.message : String(error);
  return new ZmintError('bug', `the thread that writes sets failed: ${why}`, { cause: error });
}
