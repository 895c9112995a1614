import { generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { encodePem } from '../../encoding/pem.js';
import { encodeUtf8 } from '../../encoding/utf8.js';
import type { KeyPair, Keys } from '../../ports/keys.js';
import type { KeySpec } from '../../zone/key-spec.js';
import { openPrivateKey, type OpenedKey } from './open-key.js';
import { createSigner } from './signer.js';
import { verifySignature } from './verify-signature.js';

const generateAsync = promisify(generateKeyPair);

/**
 * Keys of node:crypto. Pairs are made and signatures computed on the thread pool; private keys leave
 * as PKCS#8 and in no other form.
 */
export function createNodeKeys(): Keys {
  return {
    generate: async (spec) => pairOf(openPrivateKey(exportPkcs8(await generate(spec)))),
    pairOf: (pkcs8) => settle(() => pairOf(openPrivateKey(pkcs8))),
    signer: (pkcs8) => settle(() => createSigner(openPrivateKey(pkcs8))),
    pem: (pkcs8) => encodeUtf8(encodePem('PRIVATE KEY', pkcs8)),
    verify: verifySignature,
  };
}

async function generate(spec: KeySpec): Promise<KeyObject> {
  if (spec === 'ed25519') return (await generateAsync('ed25519')).privateKey;
  const [kind, size = ''] = spec.split(':');
  const pair =
    kind === 'ec'
      ? await generateAsync('ec', { namedCurve: size })
      : await generateAsync('rsa', { modulusLength: Number(size) });
  return pair.privateKey;
}

function exportPkcs8(key: KeyObject): Uint8Array {
  const { buffer, byteOffset, byteLength } = key.export({ format: 'der', type: 'pkcs8' });
  return new Uint8Array(buffer, byteOffset, byteLength);
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
