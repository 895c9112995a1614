import { createBackupBox } from '../src/adapters/crypto/backup-box.js';
import { createNodeDigest } from '../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../src/adapters/crypto/keys.js';
import { createNodeRandom } from '../src/adapters/crypto/random.js';
import { createBackupShelf } from '../src/adapters/fs/backup-shelf.js';
import { createKeyFiles } from '../src/adapters/fs/key-files.js';
import { FileZonePlaces } from '../src/adapters/fs/zone-places.js';
import { createNodeZoneFs } from '../src/adapters/fs/zone-fs.js';
import { createZoneImages } from '../src/adapters/sql/zone-images.js';
import { currentActor } from '../src/adapters/system/actor.js';
import { createSystemClock } from '../src/adapters/system/clock.js';
import { keepMemoryOutOfCoreFiles } from '../src/adapters/system/core-files.js';
import type { CustodyContext } from '../src/index.js';

/** How long a restore waits for a command that changes the zone. */
const WAIT_SECONDS = 4;

/** Backups on this machine; `command` is told to those that find a zone busy. */
export function createCustodyContext(command: string): CustodyContext {
  keepMemoryOutOfCoreFiles();
  const fs = createNodeZoneFs();
  const keys = createNodeKeys();
  const since = createSystemClock().now();
  return {
    box: createBackupBox(),
    shelf: createBackupShelf(fs),
    places: new FileZonePlaces(fs),
    images: createZoneImages({ command, pid: process.pid, since, waitSeconds: WAIT_SECONDS }),
    keyFiles: createKeyFiles(keys),
    keys,
    digest: createNodeDigest(),
    random: createNodeRandom(),
    actor: currentActor(),
  };
}
