import { berChildrenOf, readBerPrefix } from '../encoding/ber.js';
import type { DerElement } from '../encoding/der-element.js';
import { TAG, constructedTag } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';

/** The kinds of things that come in DER or BER. */
export type DerKind =
  | 'certificate'
  | 'request'
  | 'crl'
  | 'pkcs7'
  | 'pkcs12'
  | 'pkcs8'
  | 'encrypted-pkcs8'
  | 'pkcs1'
  | 'sec1'
  | 'public-key'
  | 'rsa-public-key'
  | 'dsa-key'
  | 'curve';

const { sequence: SEQ, integer: INT, octetString: OCTETS, bitString: BITS, oid: OID } = TAG;
const CONSTRUCTED_OCTETS = OCTETS | 0x20;
const MOST_LOOKED_AT = 12;

/**
 * What the bytes are, by their structure alone: nothing is checked beyond what tells the kinds apart.
 * Undefined when it is none of them. Throws `unreadable` for what is no BER.
 */
export function recognizeDer(bytes: Uint8Array): DerKind | undefined {
  const element = readBerPrefix(bytes);
  if (element.tag !== SEQ) return element.tag === OID ? 'curve' : undefined;
  return sequenceKind(firstParts(element));
}

function sequenceKind(parts: readonly DerElement[]): DerKind | undefined {
  const [first, second] = parts;
  if (first?.tag === INT) return numberedKind(first, parts);
  if (first?.tag === SEQ) return nestedKind(first, parts);
  return first?.tag === OID && second?.tag === constructedTag(0) ? 'pkcs7' : undefined;
}

/** Those that begin with a version, or are numbers alone. */
function numberedKind(version: DerElement, parts: readonly DerElement[]): DerKind | undefined {
  const shape = parts.map(({ tag }) => tag);
  if (shape.every((tag) => tag === INT)) return numbersKind(shape.length);
  if (shape[1] === OCTETS) return 'sec1';
  if (shape[1] !== SEQ) return undefined;
  if (shape[2] === OCTETS) return 'pkcs8';
  const isVersion3 = version.content.length === 1 && version.content[0] === 3;
  const onlyMac = shape.length === 2 || (shape.length === 3 && shape[2] === SEQ);
  return isVersion3 && onlyMac ? 'pkcs12' : undefined;
}

function numbersKind(count: number): DerKind | undefined {
  if (count === 9) return 'pkcs1';
  if (count === 6) return 'dsa-key';
  // RFC 8017 appendix A.1.1; parameters of Diffie-Hellman look the same and are told apart by their label.
  return count === 2 ? 'rsa-public-key' : undefined;
}

function nestedKind(first: DerElement, parts: readonly DerElement[]): DerKind | undefined {
  const [, second, third] = parts.map(({ tag }) => tag);
  if (second === BITS) return 'public-key';
  if (second === OCTETS || second === CONSTRUCTED_OCTETS) return 'encrypted-pkcs8';
  return second === SEQ && third === BITS ? signedKind(firstParts(first)) : undefined;
}

/** Certificate, request or CRL, by the fields of what is signed. */
function signedKind(fields: readonly DerElement[]): DerKind {
  const [version, ...others] = fields.map(({ tag }) => tag);
  const [first, second, third] = version === INT ? others : [version, ...others];
  if (first !== SEQ || second !== SEQ) return 'certificate';
  if (third === TAG.utcTime || third === TAG.generalizedTime) return 'crl';
  // A certificate has its validity there.
  return third === undefined || third === constructedTag(0) ? 'request' : 'certificate';
}

function firstParts(element: DerElement): readonly DerElement[] {
  return berChildrenOf(element).slice(0, MOST_LOOKED_AT);
}

/** The OBJECT IDENTIFIER of EC PARAMETERS. Throws `unreadable`. */
export function curveIn(bytes: Uint8Array): string {
  return readOid(readBerPrefix(bytes));
}
