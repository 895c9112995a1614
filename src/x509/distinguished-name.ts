import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { expectTag, fieldsOf } from '../encoding/der-fields.js';
import { elementSize, putHeader } from '../encoding/der-header.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';
import {
  writeDer,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUtf8String,
} from '../encoding/der-writer.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import { attributeTypeName, NAME_ATTRIBUTES, type NameAttributeType } from './attribute-types.js';
import { readAttributeValue } from './attribute-value.js';
import { escapeAttributeValue, hasUnsafeCharacters } from './escape-attribute-value.js';

/** One attribute of a name, its value as it was written by whoever made the certificate: escape it before printing. */
export interface NameAttribute {
  /** `CN`, `O` …, or an object identifier. */
  readonly type: string;
  readonly value: string;
}

/** The name of a subject or an issuer (RFC 5280 §4.1.2.4). */
export interface DistinguishedName {
  readonly der: Uint8Array;
  /** RFC 4514, safe to print: last attribute first, empty for the empty name. */
  readonly text: string;
  /** In the order of the DER. */
  readonly attributes: readonly NameAttribute[];
}

/**
 * A name with one attribute in each part: UTF8String, and PrintableString for C. Throws `policy`
 * when a value is empty, longer than RFC 5280 appendix A.1 allows (CN, O and OU 64 characters, L and
 * ST 128), has control or direction characters, or C is not two letters.
 */
export function encodeDistinguishedName(
  attributes: readonly { readonly type: NameAttributeType; readonly value: string }[],
): DistinguishedName {
  const [first] = attributes;
  if (attributes.length === 1 && first?.type === 'CN' && PLAIN_COMMON_NAME.test(first.value)) {
    return plainCommonName(first.value);
  }
  const parts = attributes.map(({ type, value }) =>
    writeSetOf(writeSequence(writeOid(NAME_ATTRIBUTES[type].oid), encodeValue(type, value))),
  );
  return parseDistinguishedName(writeSequence(...parts));
}

/** The names of most servers; RFC 4514 escapes nothing in them. */
const PLAIN_COMMON_NAME = /^[A-Za-z0-9.*-]{1,64}$/u;
/** The attribute type of a common name. */
const COMMON_NAME = writeOid(NAME_ATTRIBUTES.CN.oid);

/** What the general way would encode and read back, for a name that needs no care. */
function plainCommonName(value: string): DistinguishedName {
  const length = value.length;
  const pair = COMMON_NAME.length + elementSize(length);
  const der = new Uint8Array(elementSize(elementSize(elementSize(pair))));
  let at = putHeader(der, 0, TAG.sequence, elementSize(elementSize(pair)));
  at = putHeader(der, at, TAG.set, elementSize(pair));
  at = putHeader(der, at, TAG.sequence, pair);
  der.set(COMMON_NAME, at);
  at = putHeader(der, at + COMMON_NAME.length, TAG.utf8String, length);
  for (let index = 0; index < length; index += 1) der[at + index] = value.charCodeAt(index);
  return { der, text: `CN=${value}`, attributes: [{ type: 'CN', value }] };
}

/** Reads a Name from DER. Throws `unreadable` naming byte and fact. */
export function parseDistinguishedName(der: Uint8Array): DistinguishedName {
  return readDistinguishedName(readDer(der), 'the name');
}

/** As `parseDistinguishedName`, for an element of something that was read already. */
export function readDistinguishedName(element: DerElement, what: string): DistinguishedName {
  const parts = childrenOf(expectTag(element, TAG.sequence, what)).map((part) =>
    readPart(part, what),
  );
  return {
    der: element.bytes,
    text: parts
      .map((part) => part.map(renderAttribute).join('+'))
      .reverse()
      .join(','),
    attributes: parts.flat().map(({ type, value }) => ({ type, value })),
  };
}

interface ReadAttribute extends NameAttribute {
  /** Whether the value is a text, not the `#…` of something else. */
  readonly isText: boolean;
}

function readPart(part: DerElement, what: string): readonly ReadAttribute[] {
  const attributes = childrenOf(expectTag(part, TAG.set, what));
  if (attributes.length === 0) throw derFault(part.offset, `${what} has an empty part`);
  return attributes.map((attribute) => {
    const fields = fieldsOf(attribute, TAG.sequence, what);
    const type = attributeTypeName(readOid(fields.next(TAG.oid, 'attribute type')));
    const value = fields.any('attribute value');
    fields.end();
    return { type, ...readAttributeValue(value, /^\d/u.test(type)) };
  });
}

function renderAttribute({ type, value, isText }: ReadAttribute): string {
  return `${type}=${isText ? escapeAttributeValue(value) : value}`;
}

function encodeValue(type: NameAttributeType, value: string): Uint8Array {
  const { most } = NAME_ATTRIBUTES[type];
  const length = Array.from(value).length;
  if (length === 0) throw refusal(type, 'is empty');
  if (length > most) throw refusal(type, `has ${length} characters, and ${most} are the most`);
  if (hasUnsafeCharacters(value)) throw refusal(type, 'has control or invisible characters');
  if (type !== 'C') return writeUtf8String(value);
  if (!/^[A-Za-z]{2}$/u.test(value)) throw refusal(type, 'is not a country code of two letters');
  return writeDer(TAG.printableString, encodeUtf8(value));
}

function refusal(type: NameAttributeType, fact: string): ZmintError {
  return new ZmintError('policy', `the ${type} of a certificate's name ${fact}`, {
    hint: 'choose another name',
  });
}
