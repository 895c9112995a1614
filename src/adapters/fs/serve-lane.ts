import type { MessagePort } from 'node:worker_threads';
import { ZmintError } from '../../errors.js';
import { deferredZoneFs } from './deferred-zone-fs.js';
import type { LaneAnswer, LaneTask } from './lane-task.js';
import { FileMemberHomes } from './member-homes.js';
import { unpackSets } from './pack-sets.js';
import { createNodeZoneFs } from './zone-fs.js';

const NOTHING = { folders: [], renamed: [] };

/** Writes the sets of each task that comes in, and answers; syncing is left to the one who asked. */
export function serveLane(port: MessagePort, zoneHome: string): void {
  port.on('message', (task: LaneTask) => {
    void answer(task, zoneHome).then((done) => {
      task.bytes.fill(0);
      port.postMessage(done);
    });
  });
}

async function answer(task: LaneTask, zoneHome: string): Promise<LaneAnswer> {
  const { id } = task;
  try {
    const fs = deferredZoneFs(createNodeZoneFs());
    const homes = new FileMemberHomes(fs, zoneHome, true);
    const outcomes = await homes.writeSets(unpackSets(task));
    const failures = outcomes.flatMap((error, index) => {
      if (error === undefined) return [];
      const { code, message, hint, details } = error;
      return [{ index, code, message, hint, details: plain(details) }];
    });
    return { id, failures, written: fs.take() };
  } catch (error) {
    const why = error instanceof ZmintError ? error.message : String(error);
    return { id, failures: [], written: NOTHING, broken: why };
  }
}

/** What can cross over to another thread. */
function plain(details: ZmintError['details']): ZmintError['details'] {
  return JSON.parse(JSON.stringify(details)) as ZmintError['details'];
}
