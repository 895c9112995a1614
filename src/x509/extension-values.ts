import { childrenOf } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { constructedTag, primitiveTag, TAG } from '../encoding/der-tag.js';
import { readBoolean, readOid, readSmallInteger } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { KEY_USAGES, type KeyUsage } from './key-usage.js';

/** Whether the subject is a CA, and how many CAs may follow it. */
export interface BasicConstraints {
  readonly isCa: boolean;
  /** Null: any number. */
  readonly pathLength: number | null;
}

/** Which key signed: by its identifier, and perhaps by its certificate. */
export interface AuthorityKeyIdentifier {
  /** Lower-case hexadecimal; null when it is left out. */
  readonly keyId: string | null;
  readonly hasIssuerAndSerial: boolean;
}

/** RFC 5280 §4.2.1.9. Throws `unreadable`, also for a path length of what is no CA. */
export function readBasicConstraints(value: DerElement): BasicConstraints {
  const fields = fieldsOf(value, TAG.sequence, 'basicConstraints');
  const ca = fields.maybe(TAG.boolean);
  if (ca !== undefined && !readBoolean(ca)) {
    throw derFault(ca.offset, 'basicConstraints writes its default, FALSE');
  }
  const length = fields.maybe(TAG.integer);
  fields.end();
  if (length !== undefined && ca === undefined) {
    throw derFault(length.offset, 'a path length is given for what is no CA');
  }
  return {
    isCa: ca !== undefined,
    pathLength: length === undefined ? null : readSmallInteger(length, 'the path length'),
  };
}

/**
 * RFC 5280 §4.2.1.3. Throws `unreadable` for no bit at all and unknown bits. Zero bits at the end,
 * against X.690 §11.2.2, are taken: roots that all browsers trust have them.
 */
export function readKeyUsage(value: DerElement): readonly KeyUsage[] {
  const { content } = expectTag(value, TAG.bitString, 'keyUsage');
  const octets = content.subarray(1);
  const usages: KeyUsage[] = [];
  let unknown = false;
  for (let bit = 0; bit < 8 * octets.length; bit += 1) {
    if (((octets[bit >> 3] ?? 0) & (0x80 >> (bit & 7))) === 0) continue;
    const usage = KEY_USAGES[bit];
    if (usage === undefined) unknown = true;
    else usages.push(usage);
  }
  if (unknown) throw derFault(value.offset, 'keyUsage has unknown bits');
  if (usages.length === 0) throw derFault(value.offset, 'keyUsage is empty');
  return usages;
}

/** RFC 5280 §4.2.1.12, as object identifiers. Throws `unreadable`. */
export function readExtendedKeyUsage(value: DerElement): readonly string[] {
  const purposes = childrenOf(expectTag(value, TAG.sequence, 'extendedKeyUsage'));
  if (purposes.length === 0) throw derFault(value.offset, 'extendedKeyUsage is empty');
  return purposes.map((purpose) => readOid(expectTag(purpose, TAG.oid, 'a key purpose')));
}

/** RFC 5280 §4.2.1.2, lower-case hexadecimal. Throws `unreadable`. */
export function readSubjectKeyIdentifier(value: DerElement): string {
  return keyId(expectTag(value, TAG.octetString, 'subjectKeyIdentifier'));
}

/** RFC 5280 §4.2.1.1. Throws `unreadable`. */
export function readAuthorityKeyIdentifier(value: DerElement): AuthorityKeyIdentifier {
  const fields = fieldsOf(value, TAG.sequence, 'authorityKeyIdentifier');
  const key = fields.maybe(primitiveTag(0));
  const issuer = fields.maybe(constructedTag(1));
  const serial = fields.maybe(primitiveTag(2));
  fields.end();
  return {
    keyId: key === undefined ? null : keyId(key),
    hasIssuerAndSerial: issuer !== undefined || serial !== undefined,
  };
}

function keyId(element: DerElement): string {
  const { length } = element.content;
  if (length > 0 && length <= 64) return toHex(element.content);
  throw derFault(element.offset, `a key identifier has ${length} octets`);
}
