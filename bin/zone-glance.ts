import type { Opened, ZoneRequest } from '../commands/cli/surroundings.js';
import { createLiveLinks } from '../src/adapters/fs/live-links.js';
import { PathSafety } from '../src/adapters/fs/path-safety.js';
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
  return {
    context: { store, counts: store.counts, homes, zoneHome, batchSize: BATCH_SIZE },
    close: () => {
      store.close();
    },
  };
}
