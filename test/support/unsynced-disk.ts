import { createNodeZoneFs, type ZoneFs } from '../../src/adapters/fs/zone-fs.js';

/**
 * The file system of this machine without the syncs of whole batches, each of which starts a
 * program: a process that dies loses nothing by that. What a power cut loses is played by
 * `power-cut-fs`, and that the syncs are made is looked at by the tests of `sync-paths` and by all
 * tests that run the built program.
 */
export function createUnsyncedDisk(): ZoneFs {
  return { ...createNodeZoneFs(), syncAll: () => Promise.resolve() };
}
