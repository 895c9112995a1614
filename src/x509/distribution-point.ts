import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { writeSequence, writeSetOf } from '../encoding/der-writer.js';
import { parseDistinguishedName, type DistinguishedName } from './distinguished-name.js';
import { readGeneralNames, type GeneralName } from './general-name.js';

/** Where CRLs are: names, or the attributes that are added to the name of whoever issues the CRL. */
export type DistributionPointName =
  { readonly full: readonly GeneralName[] } | { readonly relative: readonly Uint8Array[] };

/** Why a certificate may be revoked, as the bits of ReasonFlags from 1 to 8 (RFC 5280 §4.2.1.13). */
export type ReasonSet = ReadonlySet<number>;

/** Every reason that there is. */
export const ALL_REASONS: ReasonSet = new Set([1, 2, 3, 4, 5, 6, 7, 8]);

/** RFC 5280 §4.2.1.13. */
export interface DistributionPoint {
  readonly name: DistributionPointName | null;
  readonly reasons: ReasonSet;
  /** Empty: the issuer of the certificate. */
  readonly crlIssuer: readonly GeneralName[];
}

/** What a CRL says about its own scope (RFC 5280 §5.2.5). */
export interface IssuingDistributionPoint {
  readonly name: DistributionPointName | null;
  readonly onlyUserCerts: boolean;
  readonly onlyCaCerts: boolean;
  readonly onlyAttributeCerts: boolean;
  readonly reasons: ReasonSet;
  readonly indirect: boolean;
}

const MOST_POINTS = 100;

/** RFC 5280 §4.2.1.13, also the form of freshestCRL. Throws `unreadable`. */
export function readDistributionPoints(value: DerElement): readonly DistributionPoint[] {
  const points = childrenOf(expectTag(value, TAG.sequence, 'cRLDistributionPoints'));
  if (points.length === 0) throw derFault(value.offset, 'cRLDistributionPoints are empty');
  if (points.length > MOST_POINTS) {
    throw derFault(value.offset, `there are over ${MOST_POINTS} distribution points`);
  }
  return points.map((point) => {
    const fields = fieldsOf(point, TAG.sequence, 'a distribution point');
    const name = fields.maybe(constructedTag(0));
    const reasons = fields.maybe(primitiveTag(1));
    const issuer = fields.maybe(constructedTag(2));
    fields.end();
    if (name === undefined && issuer === undefined) {
      throw derFault(point.offset, 'a distribution point has neither name nor CRL issuer');
    }
    return {
      name: readPointName(name),
      reasons: readReasons(reasons),
      crlIssuer: issuer === undefined ? [] : readGeneralNames(childrenOf(issuer), issuer),
    };
  });
}

/** RFC 5280 §5.2.5. Throws `unreadable`. */
export function readIssuingDistributionPoint(value: DerElement): IssuingDistributionPoint {
  const fields = fieldsOf(value, TAG.sequence, 'issuingDistributionPoint');
  const name = fields.maybe(constructedTag(0));
  const onlyUserCerts = readFlag(fields.maybe(primitiveTag(1)));
  const onlyCaCerts = readFlag(fields.maybe(primitiveTag(2)));
  const reasons = readReasons(fields.maybe(primitiveTag(3)));
  const indirect = readFlag(fields.maybe(primitiveTag(4)));
  const onlyAttributeCerts = readFlag(fields.maybe(primitiveTag(5)));
  fields.end();
  return {
    name: readPointName(name),
    onlyUserCerts,
    onlyCaCerts,
    onlyAttributeCerts,
    reasons,
    indirect,
  };
}

/** The name with further attributes behind it, as a `relative` point of that issuer means it. */
export function nameBelow(
  issuer: DistinguishedName,
  relative: readonly Uint8Array[],
): DistinguishedName {
  const parts = issuer.der.subarray(headerLength(issuer.der));
  return parseDistinguishedName(writeSequence(parts, writeSetOf(...relative)));
}

function headerLength(der: Uint8Array): number {
  const length = der[1] ?? 0;
  return length < 0x80 ? 2 : 2 + (length & 0x7f);
}

function readPointName(wrapper: DerElement | undefined): DistributionPointName | null {
  if (wrapper === undefined) return null;
  const [name, ...others] = childrenOf(wrapper);
  if (name === undefined || others.length > 0) {
    throw derFault(wrapper.offset, 'the name of a distribution point is not one name');
  }
  const parts = childrenOf(name);
  if (name.tag === constructedTag(0)) return { full: readGeneralNames(parts, name) };
  if (name.tag !== constructedTag(1) || parts.length === 0) {
    throw derFault(name.offset, 'the name of a distribution point has the wrong type');
  }
  const relative = parts.map(({ bytes }) => bytes);
  // Whatever is read must be usable later, without an error there.
  parseDistinguishedName(writeSequence(writeSetOf(...relative)));
  return { relative };
}

function readReasons(bits: DerElement | undefined): ReasonSet {
  if (bits === undefined) return ALL_REASONS;
  const [unused = 8, ...octets] = bits.content;
  if (unused > 7 || octets.length === 0 || octets.length > 2) {
    throw derFault(bits.offset, 'the reasons are no bits');
  }
  const isSet = (bit: number): boolean => ((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) !== 0;
  return new Set([...ALL_REASONS].filter(isSet));
}

function readFlag(element: DerElement | undefined): boolean {
  if (element === undefined) return false;
  if (element.content.length === 1 && element.content[0] === 0xff) return true;
  throw derFault(element.offset, 'a BOOLEAN is not FF, or its default is written');
}
