import { createContainerCrypto } from '../src/adapters/crypto/container-crypto.js';
import { createNodeDigest } from '../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../src/adapters/crypto/keys.js';
import { createNodeRandom } from '../src/adapters/crypto/random.js';
import { createZipArchive } from '../src/adapters/system/zip-archive.js';
import type { FormatContext } from '../src/index.js';

/** What files of certificates are read and written with. */
export function createFormatContext(): FormatContext {
  return {
    archive: createZipArchive(),
    containers: createContainerCrypto(),
    digest: createNodeDigest(),
    keys: createNodeKeys(),
    random: createNodeRandom(),
  };
}
