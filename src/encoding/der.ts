import type { DerElement } from './der-element.js';
import { derFault } from './der-fault.js';
import { refuseNonCanonical } from './der-rules.js';

/** More than any certificate, and enough for a PKCS#7 bundle. */
const MAX_DER_BYTES = 1_048_576;
const MAX_DEPTH = 32;
const CONSTRUCTED = 0x20;
const NO_CHILDREN: readonly DerElement[] = [];

/**
 * Throws `unreadable`, naming byte offset and reason, unless the bytes are exactly one element in
 * DER (X.690 §10 and §11): definite minimal lengths, canonical values, sorted sets, at most 32
 * levels and 1 MiB, nothing behind it.
 */
export function assertCanonicalDer(bytes: Uint8Array): void {
  readDer(bytes);
}

/** What is allowed and kept of something that may be large. */
export interface DerRoom {
  /** So many bytes; 1 MiB when nothing is said. */
  readonly mostBytes: number;
  /** Elements below so many levels are judged and not kept: `childrenOf` reads them anew. */
  readonly keptLevels: number;
}

const USUAL_ROOM: DerRoom = { mostBytes: MAX_DER_BYTES, keptLevels: MAX_DEPTH };

/** As `assertCanonicalDer`, and returns the element. Offsets in messages are counted from `base`. */
export function readDer(bytes: Uint8Array, base = 0, room = USUAL_ROOM): DerElement {
  if (bytes.length > room.mostBytes)
    throw derFault(base, `it has more than ${room.mostBytes} bytes`);
  const end = endOf(bytes, 0, bytes.length, base);
  if (end < bytes.length) throw derFault(base + end, 'there are bytes behind the end');
  return readTree({ bytes, base, keptLevels: room.keptLevels }, 0, end, 1);
}

/** The elements inside a constructed one, of something that `readDer` has accepted. */
export function childrenOf(element: DerElement): readonly DerElement[] {
  if (element.children !== undefined) return element.children;
  const { content } = element;
  const base = contentOffset(element);
  const children: DerElement[] = [];
  for (let at = 0; at < content.length;) {
    const end = endOf(content, at, content.length, base);
    children.push(elementOf({ bytes: content, base }, at, end, undefined));
    at = end;
  }
  return children;
}

/** Where the content begins, for messages. */
export function contentOffset(element: DerElement): number {
  return element.offset + element.bytes.length - element.content.length;
}

interface Source {
  readonly bytes: Uint8Array;
  readonly base: number;
}

interface Tree extends Source {
  readonly keptLevels: number;
}

/** The element from `start` to `end`, which `endOf` has found, with all that is in it. */
function readTree(tree: Tree, start: number, end: number, depth: number): DerElement {
  const { bytes, base, keptLevels } = tree;
  if (depth > MAX_DEPTH) throw derFault(base + start, `it is nested deeper than ${MAX_DEPTH}`);
  const isConstructed = ((bytes[start] ?? 0) & CONSTRUCTED) !== 0;
  const children: DerElement[] | undefined = isConstructed ? [] : undefined;
  if (children !== undefined) {
    for (let at = contentStart(bytes, start); at < end;) {
      const next = endOf(bytes, at, end, base);
      children.push(readTree(tree, at, next, depth + 1));
      at = next;
    }
  }
  const element = elementOf(tree, start, end, depth > keptLevels ? undefined : children);
  refuseNonCanonical(element, children ?? NO_CHILDREN);
  return element;
}

function elementOf(
  { bytes, base }: Source,
  start: number,
  end: number,
  children: readonly DerElement[] | undefined,
): DerElement {
  return {
    tag: bytes[start] ?? 0,
    offset: base + start,
    bytes: bytes.subarray(start, end),
    content: bytes.subarray(contentStart(bytes, start), end),
    children,
  };
}

/** Where the content begins of an element whose length was found to be right. */
function contentStart(bytes: Uint8Array, start: number): number {
  const first = bytes[start + 1] ?? 0;
  return start + 2 + (first < 0x80 ? 0 : first & 0x7f);
}

/** Where the element at `start` ends; identifier and length are judged, and that it ends by `limit`. */
function endOf(bytes: Uint8Array, start: number, limit: number, base: number): number {
  const offset = base + start;
  const tag = start < limit ? bytes[start] : undefined;
  if (tag === undefined) throw derFault(offset, 'an element is missing');
  if ((tag & 0x1f) === 0x1f) throw derFault(offset, 'the tag number is above 30');
  const first = start + 1 < limit ? bytes[start + 1] : undefined;
  if (first === undefined) throw derFault(offset, 'it is cut short');
  const length = first < 0x80 ? first : readLongLength(bytes, start, limit, base);
  const end = contentStart(bytes, start) + length;
  if (end > limit) throw derFault(offset, 'it is cut short');
  return end;
}

function readLongLength(bytes: Uint8Array, start: number, limit: number, base: number): number {
  const offset = base + start;
  const count = (bytes[start + 1] ?? 0) & 0x7f;
  if (count === 0) throw derFault(offset, 'the length is indefinite');
  if (count > 4) throw derFault(offset, 'the length has more than four octets');
  if (start + 2 + count > limit) throw derFault(offset, 'it is cut short');
  let length = 0;
  for (let index = 0; index < count; index += 1) {
    length = length * 256 + (bytes[start + 2 + index] ?? 0);
  }
  if (length < 0x80 || bytes[start + 2] === 0) throw derFault(offset, 'the length is not minimal');
  return length;
}
