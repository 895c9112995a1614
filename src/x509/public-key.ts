import { readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { fieldsOf } from '../encoding/der-fields.js';
import { TAG } from '../encoding/der-tag.js';
import { readOctetAlignedBits, readOid, readUnsigned } from '../encoding/der-values.js';
import { readAlgorithm, type AlgorithmIdentifier } from './algorithm.js';
import { findFixedPublicKey } from './fixed-public-key.js';

const CURVES: ReadonlyMap<string, string> = new Map([
  ['1.2.840.10045.3.1.7', 'P-256'],
  ['1.3.132.0.34', 'P-384'],
  ['1.3.132.0.35', 'P-521'],
  ['1.2.840.10045.3.1.1', 'P-192'],
  ['1.3.132.0.33', 'P-224'],
  ['1.3.132.0.10', 'secp256k1'],
  ['1.3.36.3.3.2.8.1.1.7', 'brainpoolP256r1'],
  ['1.3.36.3.3.2.8.1.1.11', 'brainpoolP384r1'],
  ['1.3.36.3.3.2.8.1.1.13', 'brainpoolP512r1'],
]);

const FIXED_KINDS: ReadonlyMap<string, string> = new Map([
  ['1.3.101.110', 'x25519'],
  ['1.3.101.111', 'x448'],
  ['1.3.101.112', 'ed25519'],
  ['1.3.101.113', 'ed448'],
  ['1.2.840.10040.4.1', 'dsa'],
]);

const EC = '1.2.840.10045.2.1';
const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';

/**
 * What kind of key a SubjectPublicKeyInfo holds: a KeySpec such as `ec:P-256` or `rsa:2048`, or in
 * the same manner one that zmint does not make (`rsa:1024`, `rsa-pss:3072`, `ec:secp256k1`, `ed448`,
 * an object identifier). Throws `unreadable`.
 */
export function describePublicKey(spki: Uint8Array): string {
  return findFixedPublicKey(spki)?.kind ?? describeKeyElement(readDer(spki));
}

/** As `describePublicKey`, for an element of something that was read already. */
export function describeKeyElement(element: DerElement): string {
  const { algorithm, bits, keyOffset } = readPublicKey(element);
  if (algorithm.oid === EC) return `ec:${curveOf(algorithm, element)}`;
  if (algorithm.oid === RSA) return `rsa:${modulusBits(bits, keyOffset)}`;
  if (algorithm.oid === RSA_PSS) return `rsa-pss:${modulusBits(bits, keyOffset)}`;
  return keyKindOf(algorithm.oid);
}

/** The kind of key that an algorithm without sizes names: `ed25519`; its OID when zmint does not know it. */
export function keyKindOf(oid: string): string {
  return FIXED_KINDS.get(oid) ?? oid;
}

/** The name of a curve given by its OBJECT IDENTIFIER; the OID itself when zmint does not know it. */
export function curveName(element: DerElement): string {
  const oid = readOid(element);
  return CURVES.get(oid) ?? oid;
}

/**
 * The octets of the subjectPublicKey BIT STRING, over which key identifiers are made (RFC 5280
 * §4.2.1.2, RFC 7093 §2). Throws `unreadable`.
 */
export function keyIdentifierInput(spki: Uint8Array): Uint8Array {
  const fixed = findFixedPublicKey(spki);
  if (fixed !== undefined) return spki.subarray(fixed.header.length);
  return readPublicKey(readDer(spki)).bits;
}

interface PublicKeyParts {
  readonly algorithm: AlgorithmIdentifier;
  readonly bits: Uint8Array;
  readonly keyOffset: number;
}

function readPublicKey(element: DerElement): PublicKeyParts {
  const fields = fieldsOf(element, TAG.sequence, 'the public key');
  const algorithm = readAlgorithm(fields.any('algorithm'), 'the algorithm of the public key');
  const key = fields.next(TAG.bitString, 'subjectPublicKey');
  fields.end();
  return {
    algorithm,
    bits: readOctetAlignedBits(key, 'the public key'),
    keyOffset: key.offset + key.bytes.length - key.content.length + 1,
  };
}

function curveOf(algorithm: AlgorithmIdentifier, key: DerElement): string {
  const { parameters } = algorithm;
  if (parameters?.tag !== TAG.oid) {
    throw derFault(key.offset, 'the public key is not on a named curve (RFC 5480 §2.1.1)');
  }
  return curveName(parameters);
}

function modulusBits(key: Uint8Array, offset: number): number {
  const fields = fieldsOf(readDer(key, offset), TAG.sequence, 'the RSA key');
  const modulus = readUnsigned(fields.next(TAG.integer, 'modulus'), 'the modulus');
  const exponent = readUnsigned(fields.next(TAG.integer, 'exponent'), 'the exponent');
  fields.end();
  // RFC 8017 §3.1. With 1 anybody could sign.
  const odd = (exponent[exponent.length - 1] ?? 0) % 2 === 1;
  if (!odd || (exponent.length === 1 && exponent[0] === 1)) {
    throw derFault(offset, 'the exponent of the RSA key is not an odd number from 3 on');
  }
  return 8 * modulus.length - Math.clz32(modulus[0] ?? 0) + 24;
}
