import { constants, verify, type KeyObject } from 'node:crypto';
import { readSignatureAlgorithm, type SignatureAlgorithm } from '../../x509/signature-algorithm.js';
import { openPublicKey } from './open-key.js';

/** The OpenSSL types of keys that may have made each kind of signature. */
const KEY_TYPES: Readonly<Record<SignatureAlgorithm['kind'], readonly string[]>> = {
  rsa: ['rsa'],
  'rsa-pss': ['rsa', 'rsa-pss'],
  ecdsa: ['ec'],
  ed25519: ['ed25519'],
  ed448: ['ed448'],
};

/** Opening a key takes twice as long as checking a signature with it, and issuers are few. */
const opened = new Map<string, KeyObject | null>();
const MOST_OPENED = 256;

/** Whether a signature over `data` is that of the key in `spki`; false for anything not understood. */
export function verifySignature(
  spki: Uint8Array,
  algorithm: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  try {
    const scheme = readSignatureAlgorithm(algorithm);
    const key = scheme === undefined ? null : keyOf(spki);
    if (scheme === undefined || key === null) return false;
    if (!KEY_TYPES[scheme.kind].includes(key.asymmetricKeyType ?? '')) return false;
    return verifyBy(scheme, key, data, signature);
  } catch {
    return false;
  }
}

function keyOf(spki: Uint8Array): KeyObject | null {
  const name = Buffer.from(spki.buffer, spki.byteOffset, spki.byteLength).toString('latin1');
  const known = opened.get(name);
  if (known !== undefined) return known;
  const key = openPublicKey(spki) ?? null;
  const [oldest] = opened.keys();
  if (opened.size >= MOST_OPENED && oldest !== undefined) opened.delete(oldest);
  opened.set(name, key);
  return key;
}

function verifyBy(
  scheme: SignatureAlgorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (!('hash' in scheme)) return verify(null, data, key, signature);
  if (!('saltLength' in scheme)) return verify(scheme.hash, data, key, signature);
  const padding = constants.RSA_PKCS1_PSS_PADDING;
  return verify(scheme.hash, data, { key, padding, saltLength: scheme.saltLength }, signature);
}
