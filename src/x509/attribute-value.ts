import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { TAG } from '../encoding/der-tag.js';
import { readAscii } from '../encoding/der-values.js';
import { toHex } from '../encoding/hex.js';
import { decodeUtf8 } from '../encoding/utf8.js';

interface AttributeValue {
  readonly value: string;
  readonly isText: boolean;
}

type Decoder = (element: DerElement) => string;

const DECODERS: ReadonlyMap<number, Decoder> = new Map<number, Decoder>([
  [TAG.utf8String, (element) => decodeUtf8(element.content)],
  [TAG.printableString, (element) => readAscii(element, 'a PrintableString')],
  [TAG.ia5String, (element) => readAscii(element, 'an IA5String')],
  [TAG.teletexString, (element) => codeUnits(element, 1)],
  [TAG.bmpString, (element) => codeUnits(element, 2)],
  [TAG.universalString, (element) => codeUnits(element, 4)],
]);

/**
 * The text of a DirectoryString or IA5String (RFC 5280 §4.1.2.4), TeletexString taken as Latin-1;
 * anything else, and everything when `opaque`, as `#` and the hexadecimal of its DER (RFC 4514
 * §2.4). Throws `unreadable` when the octets do not fit their type.
 */
export function readAttributeValue(element: DerElement, opaque: boolean): AttributeValue {
  const decode = DECODERS.get(element.tag);
  if (opaque || decode === undefined) return { value: `#${toHex(element.bytes)}`, isText: false };
  return { value: decode(element), isText: true };
}

function codeUnits(element: DerElement, width: number): string {
  const { content } = element;
  if (content.length % width !== 0) throw derFault(element.offset, 'a character is cut short');
  const text = Array.from({ length: content.length / width }, (_, index) => {
    const unit = content.subarray(index * width, (index + 1) * width);
    const code = unit.reduce((sum, octet) => sum * 256 + octet, 0);
    if (code > 0x10_ff_ff) throw derFault(element.offset, 'there is no such character');
    return width === 2 ? String.fromCharCode(code) : String.fromCodePoint(code);
  }).join('');
  if (/\p{Cs}/u.test(text)) throw derFault(element.offset, 'half a character stands alone');
  return text;
}
