import { unreadable } from './unreadable.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const CODES = Uint8Array.from(ALPHABET, (digit) => digit.charCodeAt(0));
const VALUES = new Map(Array.from(ALPHABET, (digit, value) => [digit.charCodeAt(0), value]));
const PADDING = '='.charCodeAt(0);

const decoder = new TextDecoder();

/** Base64 with padding, in one line (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  const digits = new Uint8Array(base64Length(bytes.length));
  putBase64(digits, 0, { from: bytes, start: 0, end: bytes.length });
  return decoder.decode(digits);
}

/** How many characters so many octets take, with padding. */
export function base64Length(octets: number): number {
  return 4 * Math.ceil(octets / 3);
}

/** Octets of something, from the first to before the last one. */
export interface OctetRange {
  readonly from: Uint8Array;
  readonly start: number;
  /** A whole number of threes behind the start, or the end of all octets. */
  readonly end: number;
}

/** Puts the characters of these octets, with padding, from `at` on; returns where they end. */
export function putBase64(out: Uint8Array, at: number, { from, start, end }: OctetRange): number {
  let place = at;
  for (let index = start; index < end; index += 3) {
    const group = groupAt(from, index);
    out[place] = digitOf(group >> 18);
    out[place + 1] = digitOf(group >> 12);
    out[place + 2] = digitOf(group >> 6);
    out[place + 3] = digitOf(group);
    place += 4;
  }
  const last = (end - start) % 3;
  if (last > 0) out[place - 1] = PADDING;
  if (last === 1) out[place - 2] = PADDING;
  return place;
}

/** An octet beyond the last one counts as zero (RFC 4648 §4). */
function groupAt(from: Uint8Array, index: number): number {
  return ((from[index] ?? 0) << 16) | ((from[index + 1] ?? 0) << 8) | (from[index + 2] ?? 0);
}

function digitOf(bits: number): number {
  return CODES[bits & 63] ?? PADDING;
}

/**
 * The octets of base64 with padding (RFC 4648 §4). Throws `unreadable` for any other character, for
 * spaces, for wrong padding and for bits behind the last octet that are not zero (§3.5).
 */
export function decodeBase64(text: string): Uint8Array {
  if (text.length % 4 !== 0) throw unreadable('the base64 is not a whole number of groups of four');
  const padding = paddingOf(text);
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  for (let index = 0; index < text.length; index += 4) {
    const last = index + 4 === text.length;
    const group = valueOfGroup(text, index, last ? padding : 0);
    const offset = (index / 4) * 3;
    bytes[offset] = group >> 16;
    if (offset + 1 < bytes.length) bytes[offset + 1] = (group >> 8) & 0xff;
    if (offset + 2 < bytes.length) bytes[offset + 2] = group & 0xff;
  }
  return bytes;
}

function paddingOf(text: string): number {
  if (text.charCodeAt(text.length - 1) !== PADDING) return 0;
  return text.charCodeAt(text.length - 2) === PADDING ? 2 : 1;
}

function valueOfGroup(text: string, start: number, padding: number): number {
  let group = 0;
  for (let index = 0; index < 4; index += 1) {
    const padded = index >= 4 - padding;
    const value = padded ? 0 : VALUES.get(text.charCodeAt(start + index));
    if (value === undefined) throw unreadable('there is a character that is not base64');
    group = (group << 6) | value;
  }
  const unused = padding === 0 ? 0 : group & (padding === 1 ? 0xff : 0xffff);
  if (unused !== 0) throw unreadable('the base64 ends in bits that are not zero');
  return group;
}
