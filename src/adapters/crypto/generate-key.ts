import { generateKeyPair, type KeyObject, type KeyPairKeyObjectResult } from 'node:crypto';
import { promisify } from 'node:util';
import type { KeySpec } from '../../zone/key-spec.js';
import { bytesOf } from './bytes-of.js';

const generateAsync = promisify(generateKeyPair);

/** A fresh key pair, made on the thread pool. */
export function generateKeyObjects(spec: KeySpec): Promise<KeyPairKeyObjectResult> {
  if (spec === 'ed25519') return generateAsync('ed25519');
  const [kind, size = ''] = spec.split(':');
  return kind === 'ec'
    ? generateAsync('ec', { namedCurve: size })
    : generateAsync('rsa', { modulusLength: Number(size) });
}

/** PrivateKeyInfo, DER, in memory of its own. */
export function exportPkcs8(key: KeyObject): Uint8Array {
  return bytesOf(key.export({ format: 'der', type: 'pkcs8' }));
}

/** SubjectPublicKeyInfo of a public key, DER, in memory of its own. */
export function exportSpki(key: KeyObject): Uint8Array {
  return bytesOf(key.export({ format: 'der', type: 'spki' }));
}
