import { generateKeyPairSync } from 'node:crypto';
import type { KeyPair } from '../../ports/keys.js';
import { exportPkcs8, exportSpki } from './generate-key.js';

/**
 * Makes a fresh Ed25519 pair on this thread: DER, which is written there whoever makes the key, costs
 * four times the key, so that the thread pool would only add its journey.
 */
export function makeEd25519Pair(): KeyPair {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  return { spec: 'ed25519', pkcs8: exportPkcs8(privateKey), spki: exportSpki(publicKey) };
}
