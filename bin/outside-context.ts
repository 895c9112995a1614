import { createNodeDigest } from '../src/adapters/crypto/digest.js';
import { createNodeKeys } from '../src/adapters/crypto/keys.js';
import { FileTrustFiles } from '../src/adapters/fs/trust-files.js';
import { createNodeZoneFs } from '../src/adapters/fs/zone-fs.js';
import { createChainFetcher } from '../src/adapters/net/chain-fetcher.js';
import { NssTrustStore } from '../src/adapters/system/nss-trust-store.js';
import { SystemTrustStore } from '../src/adapters/system/system-trust-store.js';
import type { OutsideContext } from '../src/index.js';

/** The machine around the zone. */
export function createOutsideContext(): OutsideContext {
  const fs = createNodeZoneFs();
  const files = new FileTrustFiles(fs);
  return {
    digest: createNodeDigest(),
    keys: createNodeKeys(),
    chains: createChainFetcher(),
    files,
    stores: {
      system: (root) => new SystemTrustStore(fs, files, root),
      nss: (folder, passwordFile) => new NssTrustStore(folder, passwordFile),
    },
  };
}
