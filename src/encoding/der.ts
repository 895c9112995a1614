import type { DerElement } from './der-element.js';
import { derFault } from './der-fault.js';
import { refuseNonCanonical } from './der-rules.js';

/** More than any certificate, and enough for a PKCS#7 bundle. */
const MAX_DER_BYTES = 1_048_576;
const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;

/**
 * Throws `unreadable`, naming byte offset and reason, unless the bytes are exactly one element in
 * DER (X.690 §10 and §11): definite minimal lengths, canonical values, sorted sets, at most 32
 * levels and 1 MiB, nothing behind it.
 */
export function assertCanonicalDer(bytes: Uint8Array): void {
  readDer(bytes);
}

/** As `assertCanonicalDer`, and returns the element. Offsets in messages are counted from `base`. */
export function readDer(bytes: Uint8Array, base = 0): DerElement {
  if (bytes.length > MAX_DER_BYTES) throw derFault(base, `it has more than ${MAX_DER_BYTES} bytes`);
  const element = readElement(bytes, base);
  if (element.bytes.length < bytes.length) {
    throw derFault(base + element.bytes.length, 'there are bytes behind the end');
  }
  walk(element, 1);
  return element;
}

/** The elements inside a constructed one, of something that `readDer` has accepted. */
export function childrenOf(element: DerElement): readonly DerElement[] {
  const children: DerElement[] = [];
  const first = contentOffset(element);
  let at = 0;
  while (at < element.content.length) {
    const child = readElement(element.content.subarray(at), first + at);
    children.push(child);
    at += child.bytes.length;
  }
  return children;
}

/** Where the content begins, for messages. */
export function contentOffset(element: DerElement): number {
  return element.offset + element.bytes.length - element.content.length;
}

function walk(element: DerElement, depth: number): void {
  if (depth > MAX_DEPTH) throw derFault(element.offset, `it is nested deeper than ${MAX_DEPTH}`);
  const children = (element.tag & CONSTRUCTED) === 0 ? [] : childrenOf(element);
  for (const child of children) walk(child, depth + 1);
  refuseNonCanonical(element, children);
}

function readElement(bytes: Uint8Array, offset: number): DerElement {
  const tag = bytes[0];
  if (tag === undefined) throw derFault(offset, 'an element is missing');
  if ((tag & 0x1f) === 0x1f) throw derFault(offset, 'the tag number is above 30');
  const { header, length } = readLength(bytes, offset);
  const end = header + length;
  if (end > bytes.length) throw derFault(offset, 'it is cut short');
  return { tag, offset, bytes: bytes.subarray(0, end), content: bytes.subarray(header, end) };
}

function readLength(bytes: Uint8Array, offset: number): { header: number; length: number } {
  const first = bytes[1];
  if (first === undefined) throw derFault(offset, 'it is cut short');
  if (first < 0x80) return { header: 2, length: first };
  if (first === 0x80) throw derFault(offset, 'the length is indefinite');
  const count = first & 0x7f;
  if (count > 4) throw derFault(offset, 'the length has more than four octets');
  if (bytes.length < 2 + count) throw derFault(offset, 'it is cut short');
  const length = bytes.subarray(2, 2 + count).reduce((sum, octet) => sum * 256 + octet, 0);
  if (length < 0x80 || bytes[2] === 0) throw derFault(offset, 'the length is not minimal');
  return { header: 2 + count, length };
}
