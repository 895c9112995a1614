import { elementSize, putHeader } from '../encoding/der-header.js';
import { primitiveTag, TAG } from '../encoding/der-tag.js';
import {
  writeBoolean,
  writeDer,
  writeExplicit,
  writeNamedBits,
  writeOctetString,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../encoding/der-writer.js';
import { createSlab } from '../encoding/slab.js';
import { ZmintError } from '../errors.js';
import type { DistinguishedName } from './distinguished-name.js';
import { writeExtension, type Extension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import { KEY_USAGES, type KeyUsage } from './key-usage.js';
import { describePublicKey } from './public-key.js';
import { TIME_STAMPING } from './purpose-names.js';
import { writeSubjectAltName } from './subject-alt-name.js';
import { writeTime, type CertificateTime } from './time.js';

/** Everything that zmint decides about a certificate before it is signed. */
export interface CertificateContent {
  /** 1 to 20 octets, the highest bit of the first one clear, not all zero. */
  readonly serial: Uint8Array;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** First and last second of its validity, both included. */
  readonly notBefore: CertificateTime;
  readonly notAfter: CertificateTime;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  readonly ca: boolean;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  /** Object identifiers; not written for a CA. */
  readonly extendedKeyUsage: readonly string[];
  readonly subjectKeyId: Uint8Array;
  readonly authorityKeyId: Uint8Array;
  /** Further names in the SAN; none when it is left out. */
  readonly emailAddresses?: readonly string[];
  readonly uris?: readonly string[];
  /** What an end entity's key is for; by the kind of its key when it is left out. */
  readonly keyUsage?: readonly KeyUsage[];
  /** How many CAs may follow below a CA; no constraint when it is left out. */
  readonly pathLength?: number;
  /** Further extensions, written last in their order; none when it is left out. */
  readonly extensions?: readonly Extension[];
}

const VERSION_3 = Uint8Array.of(2);
/** Some thirty certificates share a block of memory. */
const take = createSlab(16_384);

/**
 * The TBSCertificate, version 3, with the extensions of I-10 and those that the content names. `signatureAlgorithm` is
 * the AlgorithmIdentifier of the key that will sign. Throws `policy` for a serial number, a date or
 * a name that a certificate cannot hold, `unreadable` for a public key that is none.
 */
export function encodeTbsCertificate(
  content: CertificateContent,
  signatureAlgorithm: Uint8Array,
): Uint8Array {
  return writeSequence(
    writeExplicit(0, writeUnsigned(VERSION_3)),
    writeUnsigned(checkedSerial(content.serial)),
    signatureAlgorithm,
    content.issuer.der,
    writeSequence(writeTime(content.notBefore), writeTime(content.notAfter)),
    content.subject.der,
    content.spki,
    writeExplicit(3, writeSequence(...extensionsOf(content))),
  );
}

/** The certificate of what was signed and the signature over it (RFC 5280 §4.1.1). */
export function assembleCertificate(
  tbs: Uint8Array,
  signatureAlgorithm: Uint8Array,
  signature: Uint8Array,
): Uint8Array {
  const bits = 1 + signature.length;
  const length = tbs.length + signatureAlgorithm.length + elementSize(bits);
  const out = take(elementSize(length));
  let at = putHeader(out, 0, TAG.sequence, length);
  out.set(tbs, at);
  at += tbs.length;
  out.set(signatureAlgorithm, at);
  at = putHeader(out, at + signatureAlgorithm.length, TAG.bitString, bits);
  // The octet before the signature says that no bits are unused.
  out.set(signature, at + 1);
  return out;
}

/** The serial number as it was given. Throws `policy` when a certificate cannot have it (RFC 5280 §4.1.2.2). */
export function checkedSerial(serial: Uint8Array): Uint8Array {
  const negative = (serial[0] ?? 0x80) >= 0x80;
  if (!negative && serial.length <= 20 && serial.some((octet) => octet !== 0)) return serial;
  throw new ZmintError('policy', 'a serial number is a positive number of at most 20 octets');
}

function extensionsOf(content: CertificateContent): readonly Uint8Array[] {
  const role = content.ca ? caExtensions(content.pathLength) : endEntityExtensions(content);
  return [
    ...role,
    writeExtension({
      oid: EXTENSION.subjectKeyIdentifier,
      critical: false,
      value: writeOctetString(content.subjectKeyId),
    }),
    authorityKeyExtension(content.authorityKeyId),
    ...(content.extensions ?? []).map(writeExtension),
  ];
}

/** The extension that names the issuer's key, by its identifier and nothing else (I-10). */
export function authorityKeyExtension(authorityKeyId: Uint8Array): Uint8Array {
  return writeExtension({
    oid: EXTENSION.authorityKeyIdentifier,
    critical: false,
    value: writeSequence(writeDer(primitiveTag(0), authorityKeyId)),
  });
}

/** Basic constraints and key usage of a CA's certificate (I-10). */
export function caExtensions(pathLength?: number): readonly Uint8Array[] {
  const length = pathLength === undefined ? [] : [writeUnsigned(Uint8Array.of(pathLength))];
  return [
    basicConstraints(writeSequence(writeBoolean(true), ...length)),
    keyUsage(['keyCertSign', 'cRLSign']),
  ];
}

/**
 * What an end entity's certificate says of its use: no CA, key usage by the kind of its key (as
 * `describePublicKey` says it), extended key usage when there is any, critical for time stamps
 * (RFC 3161 §2.3).
 */
export function endEntityUsage(
  key: string,
  extendedKeyUsage: readonly string[],
  usages: readonly KeyUsage[] = usagesOf(key),
): readonly Uint8Array[] {
  const extensions = [basicConstraints(writeSequence()), keyUsage(usages)];
  if (extendedKeyUsage.length > 0) {
    const value = writeSequence(...extendedKeyUsage.map(writeOid));
    const critical = extendedKeyUsage.includes(TIME_STAMPING);
    extensions.push(writeExtension({ oid: EXTENSION.extendedKeyUsage, critical, value }));
  }
  return extensions;
}

function usagesOf(key: string): readonly KeyUsage[] {
  return key.startsWith('rsa:') ? ['digitalSignature', 'keyEncipherment'] : ['digitalSignature'];
}

/** Basic constraints, key usage, extended key usage and names of a certificate that is no CA's (I-10). */
export function endEntityExtensions(
  content: Pick<
    CertificateContent,
    | 'subject'
    | 'spki'
    | 'keyUsage'
    | 'extendedKeyUsage'
    | 'dnsNames'
    | 'ipAddresses'
    | 'emailAddresses'
    | 'uris'
  >,
): readonly Uint8Array[] {
  const { emailAddresses = [], uris = [], dnsNames, ipAddresses } = content;
  const key = describePublicKey(content.spki);
  const usage = endEntityUsage(key, content.extendedKeyUsage, content.keyUsage);
  const names = [...dnsNames, ...ipAddresses, ...emailAddresses, ...uris];
  if (names.length === 0) return usage;
  // RFC 5280 §4.2.1.6: it carries the whole identity when the subject is empty.
  const critical = content.subject.attributes.length === 0;
  const value = writeSubjectAltName({ dnsNames, ipAddresses, emailAddresses, uris });
  return [...usage, writeExtension({ oid: EXTENSION.subjectAltName, critical, value })];
}

function basicConstraints(value: Uint8Array): Uint8Array {
  return writeExtension({ oid: EXTENSION.basicConstraints, critical: true, value });
}

function keyUsage(usages: readonly KeyUsage[]): Uint8Array {
  const value = writeNamedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));
  return writeExtension({ oid: EXTENSION.keyUsage, critical: true, value });
}
