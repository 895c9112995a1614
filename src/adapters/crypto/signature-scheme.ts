import { fromHex } from '../../encoding/hex.js';
import type { KeySpec } from '../../zone/key-spec.js';

/** How a kind of key signs. */
export interface SignatureScheme {
  /** AlgorithmIdentifier, DER. */
  readonly algorithm: Uint8Array;
  /** Its name for node:crypto; null where the key knows by itself (Ed25519). */
  readonly hash: 'sha256' | 'sha384' | 'sha512' | null;
}

/** RFC 5758 §3.2: no parameters. */
const ECDSA_SHA256 = scheme('300a06082a8648ce3d040302', 'sha256');
const ECDSA_SHA384 = scheme('300a06082a8648ce3d040303', 'sha384');
const ECDSA_SHA512 = scheme('300a06082a8648ce3d040304', 'sha512');
/** RFC 8410 §3: no parameters. */
const ED25519 = scheme('300506032b6570', null);
/** RFC 4055 §5: parameters NULL. */
const RSA_SHA256 = scheme('300d06092a864886f70d01010b0500', 'sha256');

const OWN: Readonly<Record<KeySpec, SignatureScheme>> = {
  'ec:P-256': ECDSA_SHA256,
  'ec:P-384': ECDSA_SHA384,
  'ec:P-521': ECDSA_SHA512,
  ed25519: ED25519,
  'rsa:2048': RSA_SHA256,
  'rsa:3072': RSA_SHA256,
  'rsa:4096': RSA_SHA256,
};

/** How zmint signs with a key of that kind: SHA-2 as long as the key is strong, RSA by PKCS#1 v1.5. */
export function schemeOf(spec: KeySpec): SignatureScheme {
  return OWN[spec];
}

function scheme(algorithm: string, hash: SignatureScheme['hash']): SignatureScheme {
  return { algorithm: fromHex(algorithm), hash };
}
