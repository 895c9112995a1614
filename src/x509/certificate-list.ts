import { childrenOf, type DerRoom } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf, type DerFields } from '../encoding/der-fields.js';
import { constructedTag, TAG } from '../encoding/der-tag.js';
import { readEmbedded, readSmallInteger, readUnsigned } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { readAlgorithm } from './algorithm.js';
import { readDistinguishedName, type DistinguishedName } from './distinguished-name.js';
import {
  readIssuingDistributionPoint,
  type IssuingDistributionPoint,
} from './distribution-point.js';
import { readExtensions, type Extension, type FoundExtension } from './extension.js';
import { EXTENSION } from './extension-oid.js';
import { readAuthorityKeyIdentifier } from './extension-values.js';
import { readGeneralNames, type GeneralName } from './general-name.js';
import { readTime, type CertificateTime } from './time.js';
import { readSigned, type SignedPart } from './signed-structure.js';

/** One revoked certificate in a CRL (RFC 5280 §5.3). */
export interface RevokedCertificate {
  /** As in `Certificate`; a negative one with `-` before the octets as they stand. */
  readonly serial: string;
  readonly revokedAt: CertificateTime;
  /** The CRLReason, 0 when it is not given; 8 takes an entry of an older CRL back. */
  readonly reason: number;
  /** Whose certificate it is, when this entry says so; otherwise as the entry before (§5.3.3). */
  readonly certificateIssuer: readonly GeneralName[] | null;
  /** Critical extensions that zmint does not know. */
  readonly unknownCritical: readonly string[];
}

/** A certificate revocation list as it was received, and what it says (RFC 5280 §5). */
export interface CertificateList {
  readonly der: Uint8Array;
  /** What was signed. */
  readonly tbs: Uint8Array;
  readonly version: 1 | 2;
  readonly issuer: DistinguishedName;
  readonly thisUpdate: CertificateTime;
  readonly nextUpdate: CertificateTime | null;
  readonly revoked: readonly RevokedCertificate[];
  /** Lower-case hexadecimal; null: not there. */
  readonly crlNumber: string | null;
  /** The CRL that a delta CRL changes; null: it is a complete one. */
  readonly baseCrlNumber: string | null;
  readonly authorityKeyId: string | null;
  readonly distributionPoint: IssuingDistributionPoint | null;
  readonly extensions: readonly Extension[];
  /** AlgorithmIdentifier, DER. */
  readonly signatureAlgorithm: Uint8Array;
  readonly signatureAlgorithmName: string;
  readonly signature: Uint8Array;
}

const KNOWN_IN_ENTRIES: ReadonlySet<string> = new Set([
  EXTENSION.reasonCode,
  EXTENSION.invalidityDate,
  EXTENSION.certificateIssuer,
]);
const MOST_REASON = 10;
/** Some 150,000 entries, the parts of which are looked at one entry after the other. */
const ROOM: DerRoom = { mostBytes: 8_388_608, keptLevels: 3 };
/** A CRL of more bytes is not read. */
export const MOST_CRL_BYTES = ROOM.mostBytes;
const LONGEST_NUMBER = 20;

/**
 * Reads one CRL in canonical DER with nothing behind it. Throws `unreadable` naming byte and fact:
 * for what is no DER, for what RFC 5280 §5.1 to §5.3 do not allow in a field, a repeated extension,
 * two signature algorithms that differ.
 */
export function parseCertificateList(der: Uint8Array): CertificateList {
  return readSigned(der, { whole: 'the CRL', part: 'tbsCertList', room: ROOM }, readTbs);
}

function readTbs(tbs: DerElement): SignedPart<CertificateList> {
  const fields = fieldsOf(tbs, TAG.sequence, 'tbsCertList');
  const version = readVersion(fields.maybe(TAG.integer));
  const inner = readAlgorithm(fields.any('signature'), 'the inner signature algorithm').der;
  const issuer = readDistinguishedName(fields.any('issuer'), 'the issuer');
  const thisUpdate = readTime(fields.any('thisUpdate'), 'thisUpdate');
  const nextUpdate = readNextUpdate(fields);
  const entries = fields.maybe(TAG.sequence);
  const wrapper = fields.maybe(constructedTag(0));
  fields.end();
  const found = wrapper === undefined ? [] : readListExtensions(wrapper, version);
  const said = {
    version,
    issuer,
    thisUpdate,
    nextUpdate,
    revoked: entries === undefined ? [] : readEntries(entries, version),
    ...interpret(found),
  };
  return { inner, within: (rest) => ({ ...said, ...rest }) };
}

function readVersion(element: DerElement | undefined): 1 | 2 {
  if (element === undefined) return 1;
  if (readSmallInteger(element, 'the version') === 1) return 2;
  throw derFault(element.offset, 'the version is not 2');
}

function readNextUpdate(fields: DerFields): CertificateTime | null {
  const tag = fields.peek()?.tag;
  const isTime = tag === TAG.utcTime || tag === TAG.generalizedTime;
  return isTime ? readTime(fields.any('nextUpdate'), 'nextUpdate') : null;
}

function readListExtensions(wrapper: DerElement, version: number): readonly FoundExtension[] {
  if (version !== 2) throw derFault(wrapper.offset, 'only version 2 has extensions');
  const inside = fieldsOf(wrapper, constructedTag(0), 'the extensions');
  const list = inside.any('list');
  inside.end();
  return readExtensions(list);
}

function readEntries(list: DerElement, version: number): readonly RevokedCertificate[] {
  const entries = childrenOf(list);
  if (entries.length === 0)
    throw derFault(list.offset, 'the list of revoked certificates is empty');
  return entries.map((entry) => readEntry(entry, version));
}

function readEntry(entry: DerElement, version: number): RevokedCertificate {
  const fields = fieldsOf(entry, TAG.sequence, 'an entry');
  const serial = readAnySerial(fields.next(TAG.integer, 'serial number'));
  const revokedAt = readTime(fields.any('revocation date'), 'a revocation date');
  const list = fields.maybe(TAG.sequence);
  fields.end();
  if (list === undefined) {
    return { serial, revokedAt, reason: 0, certificateIssuer: null, unknownCritical: [] };
  }
  if (version !== 2) throw derFault(list.offset, 'only version 2 has extensions');
  const found = readExtensions(list);
  return {
    serial,
    revokedAt,
    reason: readWith(found, EXTENSION.reasonCode, readReason) ?? 0,
    certificateIssuer: readWith(found, EXTENSION.certificateIssuer, (value) =>
      readGeneralNames(childrenOf(expectTag(value, TAG.sequence, 'certificateIssuer')), value),
    ),
    unknownCritical: found
      .filter(({ oid, critical }) => critical && !KNOWN_IN_ENTRIES.has(oid))
      .map(({ oid }) => oid),
  };
}

/** Certificates with a negative serial number exist, and a CRL must be able to name them. */
function readAnySerial(element: DerElement): string {
  const negative = (element.content[0] ?? 0) >= 0x80;
  if (negative) return `-${toHex(element.content)}`;
  return toHex(readUnsigned(element, 'the serial number'));
}

function readReason(value: DerElement): number {
  const reason = readSmallInteger(expectTag(value, 0x0a, 'reasonCode'), 'the reason');
  if (reason <= MOST_REASON && reason !== 7) return reason;
  throw derFault(value.offset, 'there is no such reason');
}

function interpret(found: readonly FoundExtension[]): Interpreted {
  return {
    crlNumber: readWith(found, EXTENSION.crlNumber, readNumber),
    baseCrlNumber: readWith(found, EXTENSION.deltaCrlIndicator, readNumber),
    authorityKeyId:
      readWith(found, EXTENSION.authorityKeyIdentifier, readAuthorityKeyIdentifier)?.keyId ?? null,
    distributionPoint: readWith(
      found,
      EXTENSION.issuingDistributionPoint,
      readIssuingDistributionPoint,
    ),
    extensions: found.map(({ oid, critical, value }) => ({ oid, critical, value })),
  };
}

type Interpreted = Pick<
  CertificateList,
  'crlNumber' | 'baseCrlNumber' | 'authorityKeyId' | 'distributionPoint' | 'extensions'
>;

function readNumber(value: DerElement): string {
  const octets = readUnsigned(expectTag(value, TAG.integer, 'a CRL number'), 'a CRL number');
  if (octets.length <= LONGEST_NUMBER) return toHex(octets);
  throw derFault(value.offset, `a CRL number has more than ${LONGEST_NUMBER} octets`);
}

function readWith<T>(
  found: readonly FoundExtension[],
  oid: string,
  reader: (value: DerElement) => T,
): T | null {
  const extension = found.find((one) => one.oid === oid);
  return extension === undefined ? null : reader(readEmbedded(extension.octets));
}
