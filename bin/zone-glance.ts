import type { Opened, ZoneRequest } from '../commands/cli/surroundings.js';
import { createLiveLinks } from '../src/adapters/fs/live-links.js';
import { PathSafety } from '../src/adapters/fs/path-safety.js';
import { FileZoneFolder } from '../src/adapters/fs/zone-folder.js';
import { createNodeZoneFs } from '../src/adapters/fs/zone-fs.js';
import { openZoneReader } from '../src/adapters/sql/open-zone-reader.js';
import type { GlanceContext } from '../src/index.js';
import { BATCH_SIZE } from './batch-size.js';

/** The zone for a glance. Throws `no-zone`, `damaged`, `unsafe-path`. */
export async function openGlance({ zoneHome }: ZoneRequest): Promise<Opened<GlanceContext>> {
  const fs = createNodeZoneFs();
  new PathSafety(fs).hasAnchor(zoneHome);
  const store = await openZoneReader(zoneHome);
  const homes = createLiveLinks(fs, zoneHome);
  const folder = new FileZoneFolder(fs, zoneHome);
  return {
    context: { store, counts: store.counts, homes, folder, zoneHome, batchSize: BATCH_SIZE },
    close: () => {
      store.close();
    },
  };
}
