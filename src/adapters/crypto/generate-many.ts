import type { KeyPair } from '../../ports/keys.js';
import { FIXED_PUBLIC_KEYS } from '../../x509/fixed-public-key.js';
import type { KeySpec } from '../../zone/key-spec.js';
import { makeEd25519Pair } from './ed25519-key.js';
import { exportPkcs8, exportSpki, generateKeyObjects } from './generate-key.js';
import { createP256Maker } from './p256-key.js';
import { runInLanes } from './run-in-lanes.js';
import { runInTurns } from './run-in-turns.js';

/**
 * So many fresh key pairs. P-256 and Ed25519 keys cost less than a journey through the thread pool
 * and are made on this thread; all others are made by the pool on every core.
 */
export function generateMany(spec: KeySpec, count: number): Promise<readonly KeyPair[]> {
  const specs = new Array<KeySpec>(count).fill(spec);
  if (spec === 'ec:P-256') return runInTurns(specs, createP256Maker());
  if (spec === 'ed25519') return runInTurns(specs, makeEd25519Pair);
  return runInLanes(specs, generateOne);
}

async function generateOne(spec: KeySpec): Promise<KeyPair> {
  const { privateKey, publicKey } = await generateKeyObjects(spec);
  const pkcs8 = exportPkcs8(privateKey);
  return { spec, pkcs8, spki: spkiWithin(spec, pkcs8) ?? exportSpki(publicKey) };
}

/**
 * The SubjectPublicKeyInfo of a curve's PKCS#8, at whose end stands the point (RFC 5915 §3): an
 * export of its own would cost more than twice that of the PKCS#8. Undefined for other kinds.
 */
function spkiWithin(spec: KeySpec, pkcs8: Uint8Array): Uint8Array | undefined {
  if (spec !== 'ec:P-384' && spec !== 'ec:P-521') return undefined;
  const { header, length } = FIXED_PUBLIC_KEYS[spec];
  const spki = new Uint8Array(length);
  spki.set(header);
  spki.set(pkcs8.subarray(header.length - length), header.length);
  return spki;
}
