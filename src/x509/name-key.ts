import { childrenOf, readDer } from '../encoding/der.js';
import type { DerElement } from '../encoding/der-element.js';
import { TAG } from '../encoding/der-tag.js';
import { readOid } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { ZmintError } from '../errors.js';
import { readAttributeValue } from './attribute-value.js';
import type { DistinguishedName } from './distinguished-name.js';

/** Texts whose characters are known for certain; TeletexString is not among them (RFC 5280 §7.1). */
const FOLDED_TYPES: ReadonlySet<number> = new Set([
  TAG.utf8String,
  TAG.printableString,
  TAG.ia5String,
  TAG.bmpString,
  TAG.universalString,
]);

/** What RFC 4518 §2.2 maps to nothing. */
const IGNORED =
  /[\u00ad\u034f\u1806\u180b-\u180d\u200b-\u200f\u202a-\u202e\u2060-\u2063\u206a-\u206f\ufe00-\ufe0f\ufeff\ufffc]|(?![\t\n\v\f\r\u0085])\p{Cc}/gu;

const known = new WeakMap<DistinguishedName, readonly string[]>();

/**
 * Each part of a name as a text that is equal for two parts if and only if RFC 5280 §7.1 takes them
 * for equal: case, kind of string type, leading, trailing and repeated spaces and the order inside
 * a part make no difference (RFC 4518 §2, approximated by NFKC and lower case of upper case).
 */
export function nameParts(name: DistinguishedName): readonly string[] {
  const found = known.get(name);
  if (found !== undefined) return found;
  const parts = childrenOf(readDer(name.der)).map(partKey);
  known.set(name, parts);
  return parts;
}

/** One text for the whole name, equal if and only if the names are. */
export function nameKey(name: DistinguishedName): string {
  return nameParts(name).join('\u0000');
}

function partKey(part: DerElement): string {
  return childrenOf(part).map(attributeKey).sort().join('\u0001');
}

function attributeKey(attribute: DerElement): string {
  const [type, value] = childrenOf(attribute);
  if (type === undefined || value === undefined) return toHex(attribute.bytes);
  const text = textOf(value);
  return `${readOid(type)}=${text === undefined ? `#${toHex(value.bytes)}` : fold(text)}`;
}

/** Undefined for what is no text, or only pretends to be: attributes of unknown types are not judged when read. */
function textOf(value: DerElement): string | undefined {
  if (!FOLDED_TYPES.has(value.tag)) return undefined;
  try {
    return readAttributeValue(value, false).value;
  } catch (error) {
    if (error instanceof ZmintError) return undefined;
    throw error;
  }
}

function fold(text: string): string {
  const lower = /^[ -~]*$/u.test(text)
    ? text.toLowerCase()
    : text.replace(IGNORED, '').normalize('NFKC').toUpperCase().toLowerCase().normalize('NFKC');
  // A text may begin with the mark of what is not folded.
  return ` ${lower.replace(/\s+/gu, ' ').trim()}`;
}
