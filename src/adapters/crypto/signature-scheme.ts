import type { KeyObject } from 'node:crypto';
import { equalBytes } from '../../encoding/bytes.js';
import { fromHex } from '../../encoding/hex.js';
import type { KeySpec } from '../../zone/key-spec.js';

/** How a kind of key signs. */
export interface SignatureScheme {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  /** Its name for node:crypto; null where the key knows by itself (Ed25519). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
  /** What the KeyObject must be. */
  readonly keyType: 'ec' | 'ed25519' | 'rsa';
}

/** RFC 5758 §3.2: no parameters. */
const ECDSA_SHA256 = scheme('300a06082a8648ce3d040302', 'sha256', 'ec');
const ECDSA_SHA384 = scheme('300a06082a8648ce3d040303', 'sha384', 'ec');
const ECDSA_SHA512 = scheme('300a06082a8648ce3d040304', 'sha512', 'ec');
/** RFC 8410 §3: no parameters. */
const ED25519 = scheme('300506032b6570', null, 'ed25519');
/** RFC 4055 §5: parameters NULL. */
const RSA_SHA256 = scheme('300d06092a864886f70d01010b0500', 'sha256', 'rsa');
const RSA_SHA384 = scheme('300d06092a864886f70d01010c0500', 'sha384', 'rsa');
const RSA_SHA512 = scheme('300d06092a864886f70d01010d0500', 'sha512', 'rsa');

const OWN: Readonly<Record<KeySpec, SignatureScheme>> = {
  'ec:P-256': ECDSA_SHA256,
  'ec:P-384': ECDSA_SHA384,
  'ec:P-521': ECDSA_SHA512,
  ed25519: ED25519,
  'rsa:2048': RSA_SHA256,
  'rsa:3072': RSA_SHA256,
  'rsa:4096': RSA_SHA256,
};

const KNOWN = [...new Set([...Object.values(OWN), RSA_SHA384, RSA_SHA512])];

/** How zmint signs with a key of that kind: SHA-2 as long as the key is strong, RSA by PKCS#1 v1.5. */
export function schemeOf(spec: KeySpec): SignatureScheme {
  return OWN[spec];
}

/**
 * The scheme of an AlgorithmIdentifier when the key can use it; undefined for all that is not
 * accepted, SHA-1 and MD5 among it.
 */
export function schemeFor(algorithm: Uint8Array, key: KeyObject): SignatureScheme | undefined {
  return KNOWN.find(
    (known) => equalBytes(known.algorithm, algorithm) && known.keyType === key.asymmetricKeyType,
  );
}

function scheme(
  algorithm: string,
  hash: SignatureScheme['hash'],
  keyType: SignatureScheme['keyType'],
): SignatureScheme {
  return { algorithm: fromHex(algorithm), hash, keyType };
}
