import type { Opened, ZoneRequest } from '../commands/cli/surroundings.js';
import { PathSafety } from '../src/adapters/fs/path-safety.js';
import { createNodeZoneFs } from '../src/adapters/fs/zone-fs.js';
import { openZoneReader } from '../src/adapters/sql/open-zone-reader.js';
import type { GlanceContext } from '../src/index.js';
import { BATCH_SIZE } from './batch-size.js';
import { lazyLiveLinks, lazySettings } from './lazy-glance.js';

/** The zone for a glance. Throws `no-zone`, `damaged`, `unsafe-path`. */
export async function openGlance({ zoneHome }: ZoneRequest): Promise<Opened<GlanceContext>> {
  const fs = createNodeZoneFs();
  new PathSafety(fs).hasAnchor(zoneHome);
  const store = await openZoneReader(zoneHome);
  const homes = lazyLiveLinks(async () =>
    (await import('../src/adapters/fs/live-links.js')).createLiveLinks(fs, zoneHome),
  );
  const folder = lazySettings(async () => {
    const { FileZoneFolder } = await import('../src/adapters/fs/zone-folder.js');
    return new FileZoneFolder(fs, zoneHome);
  });
  return {
    context: { store, counts: store.counts, homes, folder, zoneHome, batchSize: BATCH_SIZE },
    close: () => {
      store.close();
    },
  };
}
