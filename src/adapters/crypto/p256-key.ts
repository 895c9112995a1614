import { createECDH, type ECDH } from 'node:crypto';
import { concatBytes, equalBytes } from '../../encoding/bytes.js';
import { fromHex } from '../../encoding/hex.js';
import { createSlab } from '../../encoding/slab.js';
import { ZmintError } from '../../errors.js';
import type { KeyPair } from '../../ports/keys.js';
import { FIXED_PUBLIC_KEYS } from '../../x509/fixed-public-key.js';

/** PrivateKeyInfo (RFC 5958 §2) up to the private key of ECPrivateKey (RFC 5915 §3). */
const BEFORE_PRIVATE = fromHex(
  '308187020100301306072a8648ce3d020106082a8648ce3d030107046d306b0201010420',
);
/** Its `[1]` publicKey, up to the point. */
const BEFORE_POINT = fromHex('a144034200');
const PRIVATE_OCTETS = 32;
const POINT_OCTETS = 65;
const { header, length: SPKI_OCTETS } = FIXED_PUBLIC_KEYS['ec:P-256'];
const PKCS8_OCTETS = BEFORE_PRIVATE.length + PRIVATE_OCTETS + BEFORE_POINT.length + POINT_OCTETS;
/** A PKCS#8 whose private key and point are still to come. */
const FRAME = concatBytes([
  BEFORE_PRIVATE,
  new Uint8Array(PRIVATE_OCTETS),
  BEFORE_POINT,
  new Uint8Array(POINT_OCTETS),
]);
/** So many pairs share a block of memory. */
const PAIRS = 64;

/**
 * Makes fresh P-256 key pairs, one a call. The curve's part of OpenSSL makes the key, what stands
 * around it is put there by zmint, because asking OpenSSL for DER costs twenty times the key.
 */
export function createP256Maker(): () => KeyPair {
  const ecdh = createECDH('prime256v1');
  const take = createSlab(PAIRS * (PKCS8_OCTETS + SPKI_OCTETS));
  return () => {
    const point = ecdh.generateKeys();
    const scalar = ecdh.getPrivateKey();
    try {
      return p256KeyPair(scalar, point, take);
    } finally {
      scalar.fill(0);
    }
  };
}

/**
 * The pair of a private key, the highest octet first and leading zeros left out as OpenSSL gives it,
 * and its uncompressed point: PKCS#8 and SubjectPublicKeyInfo octet for octet as OpenSSL writes them.
 * Throws `bug` for what is too long or has another form. `take` gives the memory, zeroed.
 */
export function p256KeyPair(
  scalar: Uint8Array,
  point: Uint8Array,
  take = (length: number): Uint8Array => new Uint8Array(length),
): KeyPair {
  const missing = PRIVATE_OCTETS - scalar.length;
  if (missing < 0 || point.length !== POINT_OCTETS || point[0] !== 4) {
    throw new ZmintError('bug', 'a new key has another form than keys on P-256 have');
  }
  const pkcs8 = take(PKCS8_OCTETS);
  pkcs8.set(FRAME);
  pkcs8.set(scalar, BEFORE_PRIVATE.length + missing);
  pkcs8.set(point, PKCS8_OCTETS - POINT_OCTETS);
  const spki = take(SPKI_OCTETS);
  spki.set(header);
  spki.set(point, header.length);
  return { spec: 'ec:P-256', pkcs8, spki };
}

/**
 * The pair in a PKCS#8 laid out as `p256KeyPair` does it, when its public key is that of its private
 * key: at a tenth of what opening it in OpenSSL costs. Undefined for everything else.
 */
export function readP256Pair(pkcs8: Uint8Array): KeyPair | undefined {
  const begin = BEFORE_PRIVATE.length;
  const behind = begin + PRIVATE_OCTETS;
  const laidOut =
    pkcs8.length === PKCS8_OCTETS &&
    equalBytes(pkcs8.subarray(0, begin), BEFORE_PRIVATE) &&
    equalBytes(pkcs8.subarray(behind, behind + BEFORE_POINT.length), BEFORE_POINT);
  if (!laidOut) return undefined;
  const point = pointOf(pkcs8.subarray(begin, behind));
  if (point === undefined || !equalBytes(pkcs8.subarray(-POINT_OCTETS), point)) return undefined;
  return { spec: 'ec:P-256', pkcs8, spki: concatBytes([header, point]) };
}

/** Made once, as that costs as much as the point; each key takes the place of the one before. */
let reader: ECDH | undefined;

/** The uncompressed point of a private key; undefined when it is 0 or not below the curve's order. */
function pointOf(scalar: Uint8Array): Uint8Array | undefined {
  reader ??= createECDH('prime256v1');
  try {
    reader.setPrivateKey(scalar);
    return reader.getPublicKey();
  } catch {
    return undefined;
  }
}
