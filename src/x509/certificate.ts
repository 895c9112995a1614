import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { fieldsOf, type DerFields } from '../encoding/der-fields.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { readEmbedded, readSmallInteger, readUnsigned } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { unreadable } from '../encoding/unreadable.js';
import { readAlgorithm } from './algorithm.js';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.js';
import { readExtensions, type Extension, type FoundExtension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import {
  readAuthorityKeyIdentifier,
  readBasicConstraints,
  readExtendedKeyUsage,
  readKeyUsage,
  readSubjectKeyIdentifier,
  type AuthorityKeyIdentifier,
  type BasicConstraints,
} from './extension-values.js';
import { describeKeyElement } from './public-key.js';
import { readSubjectAltName, type SubjectAltName } from './subject-alt-name.js';
import { isTimeOfWrongForm, readTime, type CertificateTime } from './time.js';
import { readSigned, type SignedPart, type SignedStructure } from './signed-structure.js';

/** A certificate as it was received, and what it says (RFC 5280 §4.1). */
export interface Certificate {
  /** Signatures and fingerprints are made from these bytes, never from a re-encoding. */
  readonly der: Uint8Array;
  /** What was signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2 | 3;
  /** Hexadecimal, lower case, without a leading `00` octet; of a negative one `-` and its octets as they stand. */
  readonly serial: string;
  readonly issuer: DistinguishedName;
  readonly subject: DistinguishedName;
  /** First and last second of its validity, both included. */
  readonly notBefore: CertificateTime;
  readonly notAfter: CertificateTime;
  /** A date before 2050 is a GeneralizedTime, which readers take and no CA may write (§4.1.2.5). */
  readonly datesOfWrongForm: boolean;
  /** SubjectPublicKeyInfo, DER. */
  readonly spki: Uint8Array;
  /** As `describePublicKey` says it. */
  readonly key: string;
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureAlgorithmName: string;
  readonly signature: Uint8Array;
  /** Lower-case hexadecimal. */
  readonly subjectKeyId: string | null;
  readonly authorityKeyId: string | null;
  readonly authorityHasIssuerAndSerial: boolean;
  readonly isCa: boolean;
  readonly basicConstraintsCritical: boolean;
  readonly pathLength: number | null;
  /** Null: the extension is not there, and every usage is allowed. */
  readonly keyUsage: readonly string[] | null;
  /** Object identifiers; null: the extension is not there. */
  readonly extendedKeyUsage: readonly string[] | null;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
  readonly extensions: readonly Extension[];
}

/** As failures of other parsers suggest: larger ones are attacks. */
const MAX_BYTES = 65_536;
const MAX_SERIAL_OCTETS = 20;

/**
 * Reads one certificate in canonical DER, at most 64 KiB, without anything behind it. Throws
 * `unreadable` naming byte and fact: for what is no DER, for what RFC 5280 §4.1 and §4.2 do not
 * allow in a field, a repeated extension, two signature algorithms that differ.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > MAX_BYTES) throw unreadable(`a certificate has more than ${MAX_BYTES} bytes`);
  return readSigned(der, { whole: 'the certificate', part: 'tbsCertificate' }, readTbs);
}

function readTbs(tbs: DerElement): SignedPart<Certificate> {
  const fields = fieldsOf(tbs, TAG.sequence, 'tbsCertificate');
  const version = readVersion(fields.maybe(constructedTag(0)));
  const serial = readSerial(fields.next(TAG.integer, 'serialNumber'));
  const inner = readAlgorithm(fields.any('signature'), 'the inner signature algorithm').der;
  const issuer = readDistinguishedName(fields.any('issuer'), 'the issuer');
  const validity = readValidity(fields.any('validity'));
  const subject = readDistinguishedName(fields.any('subject'), 'the subject');
  const spki = fields.any('subjectPublicKeyInfo');
  const found = readTail(fields, version);
  const key = describeKeyElement(spki);
  const plain = { version, serial, issuer, validity, subject, spki: spki.bytes, key };
  const extended = interpret(found);
  return { inner, within: (rest) => certificateOf(rest, plain, extended) };
}

function readVersion(explicit: DerElement | undefined): 1 | 2 | 3 {
  if (explicit === undefined) return 1;
  const fields = fieldsOf(explicit, constructedTag(0), 'the version');
  const number = readSmallInteger(fields.next(TAG.integer, 'version number'), 'the version');
  fields.end();
  if (number === 1) return 2;
  if (number === 2) return 3;
  throw derFault(explicit.offset, 'the version is neither 2 nor 3');
}

function readSerial(element: DerElement): string {
  const { content } = element;
  // Some roots that were trusted for years have a negative one (RFC 5280 §4.1.2.2 asks to cope).
  const sign = (content[0] ?? 0) >= 0x80 ? '-' : '';
  const octets = sign === '' ? readUnsigned(element, 'the serial number') : content;
  if (octets.length <= MAX_SERIAL_OCTETS) return sign + toHex(octets);
  throw derFault(element.offset, `the serial number has more than ${MAX_SERIAL_OCTETS} octets`);
}

/** What stands in no extension. */
type Plain = Pick<Certificate, 'version' | 'serial' | 'issuer' | 'subject' | 'spki' | 'key'> & {
  readonly validity: Validity;
};

type Validity = Pick<Certificate, 'notBefore' | 'notAfter' | 'datesOfWrongForm'>;

function readValidity(element: DerElement): Validity {
  const fields = fieldsOf(element, TAG.sequence, 'the validity');
  const first = fields.any('notBefore');
  const last = fields.any('notAfter');
  fields.end();
  const notBefore = readTime(first, 'notBefore');
  const notAfter = readTime(last, 'notAfter');
  const datesOfWrongForm = isTimeOfWrongForm(first, notBefore) || isTimeOfWrongForm(last, notAfter);
  return { notBefore, notAfter, datesOfWrongForm };
}

function readTail(fields: DerFields, version: number): readonly FoundExtension[] {
  const uniqueIds = [fields.maybe(primitiveTag(1)), fields.maybe(primitiveTag(2))];
  const id = uniqueIds.find((one) => one !== undefined);
  if (id !== undefined && version === 1) throw derFault(id.offset, 'version 1 has no unique ids');
  const wrapper = fields.maybe(constructedTag(3));
  fields.end();
  if (wrapper === undefined) return [];
  if (version !== 3) throw derFault(wrapper.offset, 'only version 3 has extensions');
  const inside = fieldsOf(wrapper, constructedTag(3), 'the extensions');
  const list = inside.any('list');
  inside.end();
  return readExtensions(list);
}

interface Extended {
  readonly constraints: BasicConstraints | null;
  readonly authority: AuthorityKeyIdentifier | null;
  readonly subjectKeyId: string | null;
  readonly keyUsage: readonly string[] | null;
  readonly extendedKeyUsage: readonly string[] | null;
  readonly names: SubjectAltName;
  readonly found: readonly FoundExtension[];
}

const NO_NAMES: SubjectAltName = { dnsNames: [], ipAddresses: [], emailAddresses: [], uris: [] };

function interpret(found: readonly FoundExtension[]): Extended {
  const read = <T>(oid: string, reader: (value: DerElement) => T): T | null => {
    const extension = found.find((one) => one.oid === oid);
    return extension === undefined ? null : reader(readEmbedded(extension.octets));
  };
  return {
    constraints: read(EXTENSION.basicConstraints, readBasicConstraints),
    authority: read(EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier),
    subjectKeyId: read(EXTENSION.subjectKeyIdentifier, readSubjectKeyIdentifier),
    keyUsage: read(EXTENSION.keyUsage, readKeyUsage),
    extendedKeyUsage: read(EXTENSION.extendedKeyUsage, readExtendedKeyUsage),
    names: read(EXTENSION.subjectAltName, readSubjectAltName) ?? NO_NAMES,
    found,
  };
}

function certificateOf(rest: SignedStructure, plain: Plain, extended: Extended): Certificate {
  const { constraints, authority, names, found } = extended;
  return {
    der: rest.der,
    tbs: rest.tbs,
    version: plain.version,
    serial: plain.serial,
    issuer: plain.issuer,
    subject: plain.subject,
    notBefore: plain.validity.notBefore,
    notAfter: plain.validity.notAfter,
    datesOfWrongForm: plain.validity.datesOfWrongForm,
    spki: plain.spki,
    key: plain.key,
    signatureAlgorithm: rest.signatureAlgorithm,
    signatureAlgorithmName: rest.signatureAlgorithmName,
    signature: rest.signature,
    subjectKeyId: extended.subjectKeyId,
    authorityKeyId: authority?.keyId ?? null,
    authorityHasIssuerAndSerial: authority?.hasIssuerAndSerial ?? false,
    isCa: constraints?.isCa ?? false,
    basicConstraintsCritical: found.some(
      ({ oid, critical }) => oid === EXTENSION.basicConstraints && critical,
    ),
    pathLength: constraints?.pathLength ?? null,
    keyUsage: extended.keyUsage,
    extendedKeyUsage: extended.extendedKeyUsage,
    dnsNames: names.dnsNames,
    ipAddresses: names.ipAddresses,
    emailAddresses: names.emailAddresses,
    uris: names.uris,
    extensions: found.map(({ oid, critical, value }) => ({ oid, critical, value })),
  };
}
