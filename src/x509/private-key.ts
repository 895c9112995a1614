import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf, type DerFields } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readEmbedded, readSmallInteger, readUnsigned } from '../encoding/der-values.js';
import {
  writeDer,
  writeOctetString,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../encoding/der-writer.js';
import { readAlgorithm } from './algorithm.js';
import { curveName, keyKindOf } from './public-key.js';

/** A private key that was read, in the one form that zmint hands on. */
export interface PrivateKey {
  /** How it was written. */
  readonly form: 'PKCS#8' | 'PKCS#1' | 'SEC1';
  /** PrivateKeyInfo, DER (RFC 5958). */
  readonly pkcs8: Uint8Array;
  /** In the manner of `describePublicKey`: `rsa:2048`, `ec:P-256`, `ed25519`. */
  readonly key: string;
}

const RSA = '1.2.840.113549.1.1.1';
const RSA_PSS = '1.2.840.113549.1.1.10';
const EC = '1.2.840.10045.2.1';
const ZERO = Uint8Array.of(0);
const RSA_INTEGERS = 9;

/** Reads PrivateKeyInfo (RFC 5958 §2). Throws `unreadable`; no octet of the key is in a message. */
export function readPkcs8(der: Uint8Array, base = 0): PrivateKey {
  const element = readDer(der, base);
  const fields = fieldsOf(element, TAG.sequence, 'the private key');
  const version = readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  const algorithm = readAlgorithm(fields.any('algorithm'), 'the algorithm of the private key');
  const octets = fields.next(TAG.octetString, 'key');
  fields.maybe(constructedTag(0));
  fields.maybe(0x81);
  fields.end();
  if (version > 1) throw derFault(element.offset, 'the private key is of an unknown version');
  return { form: 'PKCS#8', pkcs8: der, key: describe(algorithm.oid, algorithm.parameters, octets) };
}

/** Reads RSAPrivateKey (RFC 8017 appendix A.1.2). Throws as `readPkcs8`. */
export function readPkcs1(der: Uint8Array, base = 0): PrivateKey {
  const key = `rsa:${rsaBits(readDer(der, base))}`;
  const algorithm = writeSequence(writeOid(RSA), writeDer(TAG.null));
  const pkcs8 = writeSequence(writeUnsigned(ZERO), algorithm, writeOctetString(der));
  return { form: 'PKCS#1', pkcs8, key };
}

/** Reads ECPrivateKey with its named curve (RFC 5915 §3). Throws as `readPkcs8`. */
export function readSec1(der: Uint8Array, base = 0): PrivateKey {
  const element = readDer(der, base);
  const curve = readEcFields(element);
  if (curve === undefined) throw derFault(element.offset, 'the private key names no curve');
  const algorithm = writeSequence(writeOid(EC), curve.bytes);
  const pkcs8 = writeSequence(writeUnsigned(ZERO), algorithm, writeOctetString(der));
  return { form: 'SEC1', pkcs8, key: `ec:${curveName(curve)}` };
}

function describe(oid: string, parameters: DerElement | undefined, key: DerElement): string {
  if (oid === RSA || oid === RSA_PSS) {
    return `${oid === RSA ? 'rsa' : 'rsa-pss'}:${rsaBits(readEmbedded(key))}`;
  }
  if (oid !== EC) return keyKindOf(oid);
  readEcFields(readEmbedded(key));
  return `ec:${parameters?.tag === TAG.oid ? curveName(parameters) : 'explicit'}`;
}

/** RSAPrivateKey has nine numbers, and more only with more than two primes, which nobody uses. */
function rsaBits(element: DerElement): number {
  const numbers = childrenOf(expectTag(element, TAG.sequence, 'the RSA key'));
  if (numbers.length !== RSA_INTEGERS) {
    throw derFault(element.offset, `the RSA key has ${numbers.length} parts instead of 9`);
  }
  for (const number of numbers) readUnsigned(expectTag(number, TAG.integer, 'the RSA key'), 'it');
  const [, modulus = element] = numbers;
  const octets = readUnsigned(modulus, 'the modulus');
  return 8 * octets.length - Math.clz32(octets[0] ?? 0) + 24;
}

/** The curve, when it is named inside. */
function readEcFields(element: DerElement): DerElement | undefined {
  const fields = fieldsOf(element, TAG.sequence, 'the EC key');
  const version = readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  if (version !== 1) throw derFault(element.offset, 'the EC key is of an unknown version');
  fields.next(TAG.octetString, 'private key');
  const curve = readCurve(fields);
  fields.maybe(constructedTag(1));
  fields.end();
  return curve;
}

function readCurve(fields: DerFields): DerElement | undefined {
  const wrapper = fields.maybe(constructedTag(0));
  if (wrapper === undefined) return undefined;
  const inside = fieldsOf(wrapper, constructedTag(0), 'the curve');
  const curve = inside.any('name');
  if (curve.tag !== TAG.oid) throw derFault(curve.offset, 'the EC key is on no named curve');
  return curve;
}
