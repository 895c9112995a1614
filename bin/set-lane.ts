import { createSetLane, type SetLane } from '../src/adapters/fs/set-lane.js';
import { THREADS } from './threads.js';

/** The thread that writes sets of one zone, with the program that the build has made for it. */
export function startSetLane(zoneHome: string): SetLane {
  return createSetLane(THREADS.writeSets, zoneHome);
}
