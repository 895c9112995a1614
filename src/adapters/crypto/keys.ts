import { encodePemOctets } from '../../encoding/pem-octets.js';
import type { KeyPair, Keys } from '../../ports/keys.js';
import { exportPkcs8, generateKeyObjects } from './generate-key.js';
import { generateMany } from './generate-many.js';
import { openPrivateKey, type OpenedKey } from './open-key.js';
import { readP256Pair } from './p256-key.js';
import { createSigner } from './signer.js';
import { verifySignature } from './verify-signature.js';

/**
 * Keys of node:crypto. Pairs are made and signatures computed on the thread pool; private keys leave
 * as PKCS#8 and in no other form.
 */
export function createNodeKeys(): Keys {
  return {
    generate: async (spec) => {
      const { privateKey } = await generateKeyObjects(spec);
      return pairOf(openPrivateKey(exportPkcs8(privateKey)));
    },
    generateMany,
    pairOf: (pkcs8) => settle(() => readP256Pair(pkcs8) ?? pairOf(openPrivateKey(pkcs8))),
    signer: (pkcs8) => settle(() => createSigner(openPrivateKey(pkcs8))),
    pem: (pkcs8) => encodePemOctets('PRIVATE KEY', pkcs8),
    verify: verifySignature,
  };
}

function pairOf({ spec, pkcs8, spki }: OpenedKey): KeyPair {
  return { spec, pkcs8, spki };
}

/** The result of the work as a promise, what it throws as a rejection. */
function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
