import { primitiveTag } from '../encoding/der-tag.js';
import {
  writeBits,
  writeBoolean,
  writeDer,
  writeExplicit,
  writeNamedBits,
  writeOctetString,
  writeOid,
  writeSequence,
  writeUnsigned,
} from '../encoding/der-writer.js';
import { ZmintError } from '../errors.js';
import type { DistinguishedName } from './distinguished-name.js';
import { writeExtension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import { KEY_USAGES, type KeyUsage } from './key-usage.js';
import { describePublicKey } from './public-key.js';
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
}

const VERSION_3 = Uint8Array.of(2);

/**
 * The TBSCertificate, version 3, with the extensions of I-10 and no others. `signatureAlgorithm` is
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
  return writeSequence(tbs, signatureAlgorithm, writeBits(signature));
}

/** The serial number as it was given. Throws `policy` when a certificate cannot have it (RFC 5280 §4.1.2.2). */
export function checkedSerial(serial: Uint8Array): Uint8Array {
  const negative = (serial[0] ?? 0x80) >= 0x80;
  if (!negative && serial.length <= 20 && serial.some((octet) => octet !== 0)) return serial;
  throw new ZmintError('policy', 'a serial number is a positive number of at most 20 octets');
}

function extensionsOf(content: CertificateContent): readonly Uint8Array[] {
  const role = content.ca ? caExtensions() : endEntityExtensions(content);
  return [
    ...role,
    writeExtension({
      oid: EXTENSION.subjectKeyIdentifier,
      critical: false,
      value: writeOctetString(content.subjectKeyId),
    }),
    authorityKeyExtension(content.authorityKeyId),
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
export function caExtensions(): readonly Uint8Array[] {
  return [
    basicConstraints(writeSequence(writeBoolean(true))),
    keyUsage(['keyCertSign', 'cRLSign']),
  ];
}

/**
 * What an end entity's certificate says of its use: no CA, key usage by the kind of its key (as
 * `describePublicKey` says it), extended key usage when there is any.
 */
export function endEntityUsage(
  key: string,
  extendedKeyUsage: readonly string[],
): readonly Uint8Array[] {
  const encipherment: readonly KeyUsage[] = key.startsWith('rsa:') ? ['keyEncipherment'] : [];
  const extensions = [
    basicConstraints(writeSequence()),
    keyUsage(['digitalSignature', ...encipherment]),
  ];
  if (extendedKeyUsage.length > 0) {
    const value = writeSequence(...extendedKeyUsage.map(writeOid));
    extensions.push(writeExtension({ oid: EXTENSION.extendedKeyUsage, critical: false, value }));
  }
  return extensions;
}

/** Basic constraints, key usage, extended key usage and names of a certificate that is no CA's (I-10). */
export function endEntityExtensions(
  content: Pick<
    CertificateContent,
    'subject' | 'spki' | 'extendedKeyUsage' | 'dnsNames' | 'ipAddresses'
  >,
): readonly Uint8Array[] {
  const usage = endEntityUsage(describePublicKey(content.spki), content.extendedKeyUsage);
  if (content.dnsNames.length + content.ipAddresses.length === 0) return usage;
  // RFC 5280 §4.2.1.6: it carries the whole identity when the subject is empty.
  const critical = content.subject.attributes.length === 0;
  const value = writeSubjectAltName(content);
  return [...usage, writeExtension({ oid: EXTENSION.subjectAltName, critical, value })];
}

function basicConstraints(value: Uint8Array): Uint8Array {
  return writeExtension({ oid: EXTENSION.basicConstraints, critical: true, value });
}

function keyUsage(usages: readonly KeyUsage[]): Uint8Array {
  const value = writeNamedBits(usages.map((usage) => KEY_USAGES.indexOf(usage)));
  return writeExtension({ oid: EXTENSION.keyUsage, critical: true, value });
}
