import type { DerElement } from './der-element.js';
import { unreadable } from './unreadable.js';
import type { ZmintError } from '../errors.js';
import { takeFields, type DerFields } from './der-fields.js';
import { concatBytes } from './bytes.js';
import { TAG } from './der-tag.js';

const MAX_DEPTH = 32;
const MAX_PARTS = 65_536;
const CONSTRUCTED = 0x20;
const INDEFINITE = 0x80;
const CONSTRUCTED_OCTETS = TAG.octetString | CONSTRUCTED;

/**
 * Reads one element of BER (X.690 §8), as Windows and Java write around PKCS#7 and PKCS#12: indefinite
 * lengths and lengths that are not minimal are taken, 32 levels at most. Throws `unreadable` naming
 * the byte, counted from `base`, when it is cut short or something lies behind it.
 */
export function readBer(bytes: Uint8Array, base = 0): DerElement {
  const element = readBerPrefix(bytes, base);
  if (element.bytes.length === bytes.length) return element;
  throw berFault(base + element.bytes.length, 'there are bytes behind the end');
}

/** As `readBer`, but what lies behind the element is left alone. */
export function readBerPrefix(bytes: Uint8Array, base = 0): DerElement {
  return readElement(bytes, base, 1);
}

/** The elements inside a constructed one that `readBer` has found. Throws `unreadable`. */
export function berChildrenOf(element: DerElement): readonly DerElement[] {
  const header =
    element.bytes[1] === INDEFINITE ? 2 : element.bytes.length - element.content.length;
  const children: DerElement[] = [];
  for (let at = 0; at < element.content.length;) {
    const child = readElement(element.content.subarray(at), element.offset + header + at, 1);
    children.push(child);
    if (children.length > MAX_PARTS) throw berFault(child.offset, 'it has too many parts');
    at += child.bytes.length;
  }
  return children;
}

/** The tag of what comes first inside; undefined when that cannot be said. It tells kinds of files apart. */
export function firstTagInside(bytes: Uint8Array): number | undefined {
  const length = bytes[1] ?? 0;
  return bytes[length > INDEFINITE ? 2 + (length & 0x7f) : 2];
}

/** Opens a structure in BER that must have this tag. Throws `unreadable` naming it. */
export function berFieldsOf(element: DerElement, tag: number, what: string): DerFields {
  if (element.tag !== tag) throw berFault(element.offset, `${what} has the wrong type`);
  return takeFields(berChildrenOf(element), element, what);
}

/** The octets of an OCTET STRING, whose parts are joined where it was sent in parts (X.690 §8.7). Throws `unreadable`. */
export function berOctets(
  element: DerElement,
  what: string,
  tag: number = TAG.octetString,
): Uint8Array {
  if (element.tag === tag) return element.content;
  if (element.tag !== (tag | CONSTRUCTED)) {
    throw berFault(element.offset, `${what} has the wrong type`);
  }
  return concatBytes(
    berChildrenOf(element).map((part) => {
      if (part.tag === CONSTRUCTED_OCTETS) return berOctets(part, what);
      if (part.tag === TAG.octetString) return part.content;
      throw berFault(part.offset, `${what} has a part of the wrong type`);
    }),
  );
}

function readElement(bytes: Uint8Array, offset: number, depth: number): DerElement {
  if (depth > MAX_DEPTH) throw berFault(offset, `it is nested deeper than ${MAX_DEPTH}`);
  const tag = bytes[0];
  if (tag === undefined) throw berFault(offset, 'an element is missing');
  if ((tag & 0x1f) === 0x1f) throw berFault(offset, 'the tag number is above 30');
  if (bytes[1] === INDEFINITE) return readIndefinite(bytes, offset, depth);
  const { header, length } = readLength(bytes, offset);
  const end = header + length;
  if (end > bytes.length) throw berFault(offset, 'it is cut short');
  return { tag, offset, bytes: bytes.subarray(0, end), content: bytes.subarray(header, end) };
}

function readIndefinite(bytes: Uint8Array, offset: number, depth: number): DerElement {
  const tag = bytes[0] ?? 0;
  if ((tag & CONSTRUCTED) === 0) throw berFault(offset, 'a primitive type has no length');
  let at = 2;
  while (bytes[at] !== 0 || bytes[at + 1] !== 0) {
    if (at >= bytes.length) throw berFault(offset, 'it is cut short');
    at += readElement(bytes.subarray(at), offset + at, depth + 1).bytes.length;
  }
  return { tag, offset, bytes: bytes.subarray(0, at + 2), content: bytes.subarray(2, at) };
}

function readLength(bytes: Uint8Array, offset: number): { header: number; length: number } {
  const first = bytes[1];
  if (first === undefined) throw berFault(offset, 'it is cut short');
  if (first < 0x80) return { header: 2, length: first };
  const count = first & 0x7f;
  if (count > 4) throw berFault(offset, 'the length has more than four octets');
  if (bytes.length < 2 + count) throw berFault(offset, 'it is cut short');
  const length = bytes.subarray(2, 2 + count).reduce((sum, octet) => sum * 256 + octet, 0);
  return { header: 2 + count, length };
}

function berFault(offset: number, reason: string): ZmintError {
  return unreadable(`no BER at byte ${offset}: ${reason}`);
}
