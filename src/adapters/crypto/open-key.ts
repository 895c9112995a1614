import { createPrivateKey, createPublicKey, sign, verify, type KeyObject } from 'node:crypto';
import { readDer } from '../../encoding/der.js';
import { unreadable } from '../../encoding/unreadable.js';
import { describePublicKey } from '../../x509/public-key.js';
import { KEY_SPECS, type KeySpec } from '../../zone/key-spec.js';
import { exportSpki } from './generate-key.js';
import { schemeOf } from './signature-scheme.js';

/** A private key that was understood. */
export interface OpenedKey {
  readonly spec: KeySpec;
  readonly key: KeyObject;
  readonly pkcs8: Uint8Array;
  readonly spki: Uint8Array;
}

/** Larger than PKCS#8 of RSA with 16384 bits: nothing above is a key. */
const MAX_BYTES = 16_384;
/** What no certificate or TLS handshake could look like. */
const TRIAL = Buffer.from('a signature to try a key');

/**
 * Opens PKCS#8 DER without anything behind it. Throws `unreadable` when it is none, or when zmint
 * makes no keys of that kind, or when private and public key do not belong together. No octet of the key is in the message.
 */
export function openPrivateKey(pkcs8: Uint8Array): OpenedKey {
  if (pkcs8.length > MAX_BYTES) throw unreadable('the private key is too long to be one');
  readDer(pkcs8);
  const key = privateKeyObject(pkcs8);
  const publicKey = createPublicKey(key);
  const spki = exportSpki(publicKey);
  const kind = describePublicKey(spki);
  const spec = KEY_SPECS.find((known) => known === kind);
  if (spec === undefined)
    throw unreadable(`the private key is ${kind}, and zmint uses no such keys`);
  if (!belongTogether(spec, key, publicKey)) {
    throw unreadable('the public key in the private key is not its own');
  }
  return { spec, key, pkcs8, spki };
}

/** OpenSSL takes the public key from PKCS#8 as it stands there: a signature tells whether it is that of the private key. */
function belongTogether(spec: KeySpec, privateKey: KeyObject, publicKey: KeyObject): boolean {
  const { hash } = schemeOf(spec);
  try {
    return verify(hash, TRIAL, publicKey, sign(hash, TRIAL, privateKey));
  } catch {
    return false;
  }
}

/** The public key in a SubjectPublicKeyInfo; undefined when node:crypto does not understand it. */
export function openPublicKey(spki: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: bufferOf(spki), format: 'der', type: 'spki' });
  } catch {
    return undefined;
  }
}

function privateKeyObject(pkcs8: Uint8Array): KeyObject {
  try {
    return createPrivateKey({ key: bufferOf(pkcs8), format: 'der', type: 'pkcs8' });
  } catch {
    throw unreadable('the private key is no PKCS#8 that can be opened without a passphrase');
  }
}

/** The same memory, so that no copy of a key stays behind. */
function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
