import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readOctetAlignedBits, readOid, readSmallInteger } from '../encoding/der-values.js';
import { readAlgorithm, signatureAlgorithmNameOf } from './algorithm.js';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.js';
import { readExtensions, type Extension } from './extension.js';
import { describeKeyElement } from './public-key.js';

/** A request to a CA as it was received, and what it asks for (RFC 2986 §4). */
export interface CertificationRequest {
  readonly der: Uint8Array;
  /** CertificationRequestInfo: what was signed. */
  readonly info: Uint8Array;
  readonly subject: DistinguishedName;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** As `describePublicKey` says it. */
  readonly key: string;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureAlgorithmName: string;
  readonly signature: Uint8Array;
  /** The extensions asked for (RFC 2985 §5.4.2), perhaps none. */
  readonly extensions: readonly Extension[];
  /** Object identifiers of all attributes. */
  readonly attributes: readonly string[];
}

const MAX_BYTES = 65_536;
/** PKCS#9, and the same thing as old Windows names it. */
const EXTENSION_REQUESTS: ReadonlySet<string> = new Set([
  '1.2.840.113549.1.9.14',
  '1.3.6.1.4.1.311.2.1.14',
]);

/** Reads a PKCS#10 request in canonical DER, at most 64 KiB. Throws `unreadable` naming byte and fact. */
export function parseCertificationRequest(der: Uint8Array, base = 0): CertificationRequest {
  if (der.length > MAX_BYTES) throw derFault(base, `a request has more than ${MAX_BYTES} bytes`);
  const fields = fieldsOf(readDer(der, base), TAG.sequence, 'the request');
  const info = fields.next(TAG.sequence, 'certificationRequestInfo');
  const algorithm = readAlgorithm(fields.any('signatureAlgorithm'), 'signatureAlgorithm');
  const bits = fields.next(TAG.bitString, 'signature');
  fields.end();
  return {
    der,
    info: info.bytes,
    ...readInfo(info),
    signatureAlgorithm: algorithm.der,
    signatureAlgorithmName: signatureAlgorithmNameOf(algorithm.oid),
    signature: readOctetAlignedBits(bits, 'the signature'),
  };
}

function readInfo(info: DerElement) {
  const fields = fieldsOf(info, TAG.sequence, 'certificationRequestInfo');
  const version = readSmallInteger(fields.next(TAG.integer, 'version'), 'the version');
  if (version !== 0) throw derFault(info.offset, 'the request is of an unknown version');
  const subject = readDistinguishedName(fields.any('subject'), 'the subject');
  const key = fields.any('subjectPublicKeyInfo');
  const attributes = fields.maybe(constructedTag(0));
  fields.end();
  const found = attributes === undefined ? [] : childrenOf(attributes).map(readAttribute);
  return {
    subject,
    spki: key.bytes,
    key: describeKeyElement(key),
    attributes: found.map(({ oid }) => oid),
    extensions: found.flatMap(requestedExtensions),
  };
}

interface Attribute {
  readonly oid: string;
  readonly values: readonly DerElement[];
}

function readAttribute(element: DerElement): Attribute {
  const fields = fieldsOf(element, TAG.sequence, 'an attribute');
  const oid = readOid(fields.next(TAG.oid, 'attribute type'));
  const values = childrenOf(expectTag(fields.any('values'), TAG.set, 'the values'));
  fields.end();
  return { oid, values };
}

function requestedExtensions({ oid, values }: Attribute): readonly Extension[] {
  if (!EXTENSION_REQUESTS.has(oid)) return [];
  const [list] = values;
  if (list === undefined) return [];
  return readExtensions(list).map(({ oid: id, critical, value }) => ({ oid: id, critical, value }));
}
