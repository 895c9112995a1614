import { ZmintError } from '../errors.js';
import { compareBytes } from './bytes.js';
import { elementSize, putHeader } from './der-header.js';
import { constructedTag, TAG } from './der-tag.js';
import { encodeUtf8 } from './utf8.js';

/** One element in DER: the tag, a minimal length, the parts as content. */
export function writeDer(tag: number, ...parts: readonly Uint8Array[]): Uint8Array {
  return writeParts(tag, parts);
}

/** A SEQUENCE OF any number of elements: a list of arguments holds about 100,000. */
export function writeSequenceOf(elements: readonly Uint8Array[]): Uint8Array {
  return writeParts(TAG.sequence, elements);
}

function writeParts(tag: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 0);
  const out = new Uint8Array(elementSize(length));
  let at = putHeader(out, 0, tag, length);
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** A SEQUENCE of elements. */
export function writeSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return writeDer(TAG.sequence, ...elements);
}

/** A SET OF elements, sorted (X.690 §11.6). */
export function writeSetOf(...elements: readonly Uint8Array[]): Uint8Array {
  return writeDer(TAG.set, ...[...elements].sort(compareBytes));
}

/** `[number] EXPLICIT`. */
export function writeExplicit(number: number, element: Uint8Array): Uint8Array {
  return writeDer(constructedTag(number), element);
}

/** The INTEGER that is 0 or more with these octets, the highest first; leading zeros are dropped. */
export function writeUnsigned(octets: Uint8Array): Uint8Array {
  const first = octets.findIndex((octet) => octet !== 0);
  const digits = first === -1 ? Uint8Array.of(0) : octets.subarray(first);
  const sign = (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : Uint8Array.of();
  return writeDer(TAG.integer, sign, digits);
}

/** A BOOLEAN. */
export function writeBoolean(value: boolean): Uint8Array {
  return writeDer(TAG.boolean, Uint8Array.of(value ? 0xff : 0));
}

/** An OCTET STRING. */
export function writeOctetString(octets: Uint8Array): Uint8Array {
  return writeDer(TAG.octetString, octets);
}

/** A BIT STRING of whole octets. */
export function writeBits(octets: Uint8Array): Uint8Array {
  return writeDer(TAG.bitString, Uint8Array.of(0), octets);
}

/** A BIT STRING of named bits, without trailing zero bits (X.690 §11.2.2). `bits` are positions from 0. */
export function writeNamedBits(bits: readonly number[]): Uint8Array {
  if (bits.length === 0) return writeDer(TAG.bitString, Uint8Array.of(0));
  const highest = Math.max(...bits);
  const octets = new Uint8Array(Math.floor(highest / 8) + 1);
  for (const bit of bits) {
    octets[bit >> 3] = (octets[bit >> 3] ?? 0) | (0x80 >> (bit & 7));
  }
  return writeDer(TAG.bitString, Uint8Array.of(7 - (highest & 7)), octets);
}

/** An OBJECT IDENTIFIER given in dots. Throws `bug` when it is none. */
export function writeOid(dotted: string): Uint8Array {
  if (!/^[012](?:\.(?:0|[1-9]\d{0,14}))+$/u.test(dotted)) {
    throw new ZmintError('bug', `"${dotted}" is no object identifier`);
  }
  const [root = 0, second = 0, ...rest] = dotted.split('.').map(Number);
  return writeDer(TAG.oid, Uint8Array.from([40 * root + second, ...rest].flatMap(arcOctets)));
}

/** A UTF8String. */
export function writeUtf8String(text: string): Uint8Array {
  return writeDer(TAG.utf8String, encodeUtf8(text));
}

function arcOctets(arc: number): readonly number[] {
  const octets = [arc % 128];
  for (let rest = Math.floor(arc / 128); rest > 0; rest = Math.floor(rest / 128)) {
    octets.unshift(0x80 | (rest % 128));
  }
  return octets;
}
