import { concatBytes } from '../encoding/bytes.js';
import { elementSize, headerSize, putHeader } from '../encoding/der-header.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { writeBoolean, writeExplicit, writeOid, writeUnsigned } from '../encoding/der-writer.js';
import { createSlab } from '../encoding/slab.js';
import {
  authorityKeyExtension,
  checkedSerial,
  endEntityUsage,
  type CertificateContent,
} from './certificate-content.js';
import { writeExtension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import { describePublicKey } from './public-key.js';
import { checkedDnsName, ipOctets } from './subject-alt-name.js';
import { writeTime, type CertificateTime } from './time.js';

/** What the certificates of a batch share. */
export interface LeafShape extends Pick<
  CertificateContent,
  'issuer' | 'extendedKeyUsage' | 'authorityKeyId' | 'extensions'
> {
  /** AlgorithmIdentifier of the key that will sign, DER. */
  readonly signatureAlgorithm: Uint8Array;
}

/** What each of them has of its own. */
export type LeafFields = Pick<
  CertificateContent,
  | 'serial'
  | 'subject'
  | 'notBefore'
  | 'notAfter'
  | 'spki'
  | 'dnsNames'
  | 'ipAddresses'
  | 'subjectKeyId'
>;

export interface LeafTemplate {
  /**
   * The octets that `encodeTbsCertificate` makes of the same content, in memory that nothing else
   * has. Throws as it does.
   */
  encode(fields: LeafFields): Uint8Array;
}

/** Version 3, `[0] EXPLICIT`. */
const VERSION = writeExplicit(0, writeUnsigned(Uint8Array.of(2)));
const SAN_OID = writeOid(EXTENSION.subjectAltName);
const CRITICAL = writeBoolean(true);
const SKI_OID = writeOid(EXTENSION.subjectKeyIdentifier);
const DNS = primitiveTag(2);
const ADDRESS = primitiveTag(7);
/** Octets that some hundred to-be-signed parts share. */
const BLOCK = 65_536;

/**
 * A form for the to-be-signed parts of many certificates of end entities: what they share is encoded
 * once, what differs is filled in. Throws `bug` for an extended key usage that is no object identifier.
 */
export function createLeafTemplate(shape: LeafShape): LeafTemplate {
  const signing = concatBytes([shape.signatureAlgorithm, shape.issuer.der]);
  const usages = new Map<string, Uint8Array>();
  const usageOf = (spki: Uint8Array): Uint8Array => {
    const kind = describePublicKey(spki);
    const known = usages.get(kind);
    if (known !== undefined) return known;
    const made = concatBytes(endEntityUsage(kind, shape.extendedKeyUsage));
    usages.set(kind, made);
    return made;
  };
  const authority = concatBytes([
    authorityKeyExtension(shape.authorityKeyId),
    ...(shape.extensions ?? []).map(writeExtension),
  ]);
  const times = lastTimes();
  const take = createSlab(BLOCK);
  return {
    encode: (fields) =>
      encodeLeaf(fields, {
        take,
        signing,
        usage: usageOf(fields.spki),
        authority,
        notBefore: times.first(fields.notBefore),
        notAfter: times.last(fields.notAfter),
      }),
  };
}

/** The parts of one certificate that are encoded already. */
interface ReadyParts {
  /** Gives so many octets of memory, zeroed. */
  readonly take: (length: number) => Uint8Array;
  readonly signing: Uint8Array;
  readonly usage: Uint8Array;
  readonly authority: Uint8Array;
  readonly notBefore: Uint8Array;
  readonly notAfter: Uint8Array;
}

function encodeLeaf(fields: LeafFields, ready: ReadyParts): Uint8Array {
  const serial = unsignedParts(checkedSerial(fields.serial));
  const addresses = fields.ipAddresses.map(ipOctets);
  const names = namesLength(fields.dnsNames, addresses);
  const critical = fields.subject.attributes.length === 0;
  const list =
    ready.usage.length +
    (names === 0 ? 0 : sanSize(names, critical)) +
    keyIdSize(fields.subjectKeyId.length) +
    ready.authority.length;
  const validity = ready.notBefore.length + ready.notAfter.length;
  const before =
    VERSION.length +
    elementSize(serial.length) +
    ready.signing.length +
    elementSize(validity) +
    fields.subject.der.length +
    fields.spki.length;
  const length = before + elementSize(elementSize(list));
  const out = ready.take(elementSize(length));
  let at = putHeader(out, 0, TAG.sequence, length);
  at = put(out, at, VERSION);
  at = putHeader(out, at, TAG.integer, serial.length) + serial.sign;
  at = put(out, at, serial.digits);
  at = put(out, at, ready.signing);
  at = putHeader(out, at, TAG.sequence, validity);
  at = put(out, put(out, at, ready.notBefore), ready.notAfter);
  at = put(out, put(out, at, fields.subject.der), fields.spki);
  at = putHeader(out, at, constructedTag(3), elementSize(list));
  at = put(out, putHeader(out, at, TAG.sequence, list), ready.usage);
  if (names > 0) {
    at = putSanHeaders(out, at, names, critical);
    at = putNames(out, at, fields.dnsNames, addresses);
  }
  put(out, putKeyId(out, at, fields.subjectKeyId), ready.authority);
  return out;
}

interface UnsignedParts {
  readonly digits: Uint8Array;
  /** How many zero octets say that it is positive. */
  readonly sign: 0 | 1;
  readonly length: number;
}

function unsignedParts(octets: Uint8Array): UnsignedParts {
  let first = 0;
  while (octets[first] === 0) first += 1;
  const digits = first === 0 ? octets : octets.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? 1 : 0;
  return { digits, sign, length: digits.length + sign };
}

/** Encodes a time again only when it is not the one of the certificate before. */
function lastTimes(): Record<'first' | 'last', (time: CertificateTime) => Uint8Array> {
  const remembering = (): ((time: CertificateTime) => Uint8Array) => {
    let last: CertificateTime | undefined;
    let der = new Uint8Array();
    return (time) => {
      if (time !== last) {
        der = Uint8Array.from(writeTime(time));
        last = time;
      }
      return der;
    };
  };
  return { first: remembering(), last: remembering() };
}

function namesLength(dnsNames: readonly string[], addresses: readonly Uint8Array[]): number {
  let length = 0;
  for (const name of dnsNames) length += elementSize(checkedDnsName(name).length);
  for (const address of addresses) length += elementSize(address.length);
  return length;
}

/** The sizes from the names outwards: their list, the OCTET STRING, the extension. */
function sanContent(names: number, critical: boolean): number {
  const mark = critical ? CRITICAL.length : 0;
  return SAN_OID.length + mark + elementSize(elementSize(names));
}

function sanSize(names: number, critical: boolean): number {
  return elementSize(sanContent(names, critical));
}

function putSanHeaders(out: Uint8Array, start: number, names: number, critical: boolean): number {
  let at = putHeader(out, start, TAG.sequence, sanContent(names, critical));
  at = put(out, at, SAN_OID);
  if (critical) at = put(out, at, CRITICAL);
  at = putHeader(out, at, TAG.octetString, elementSize(names));
  return putHeader(out, at, TAG.sequence, names);
}

function putNames(
  out: Uint8Array,
  start: number,
  dnsNames: readonly string[],
  addresses: readonly Uint8Array[],
): number {
  let at = start;
  for (const name of dnsNames) {
    at = putHeader(out, at, DNS, name.length);
    for (let index = 0; index < name.length; index += 1) out[at + index] = name.charCodeAt(index);
    at += name.length;
  }
  for (const address of addresses) {
    at = put(out, putHeader(out, at, ADDRESS, address.length), address);
  }
  return at;
}

function keyIdSize(length: number): number {
  return elementSize(SKI_OID.length + elementSize(elementSize(length)));
}

function putKeyId(out: Uint8Array, start: number, id: Uint8Array): number {
  const octets = elementSize(id.length);
  let at = putHeader(out, start, TAG.sequence, SKI_OID.length + headerSize(octets) + octets);
  at = put(out, at, SKI_OID);
  at = putHeader(out, at, TAG.octetString, octets);
  return put(out, putHeader(out, at, TAG.octetString, id.length), id);
}

function put(out: Uint8Array, at: number, part: Uint8Array): number {
  out.set(part, at);
  return at + part.length;
}
