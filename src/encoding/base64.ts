import { unreadable } from './unreadable.js';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const VALUES = new Map(Array.from(ALPHABET, (digit, value) => [digit.charCodeAt(0), value]));
const PADDING = '='.charCodeAt(0);

/** What `String.fromCharCode` takes at once without using up the stack. */
const AT_ONCE = 8192;

/** Base64 with padding, in one line (RFC 4648 §4). */
export function encodeBase64(bytes: Uint8Array): string {
  let octets = '';
  for (let start = 0; start < bytes.length; start += AT_ONCE)
    octets += String.fromCharCode(...bytes.subarray(start, start + AT_ONCE));
  return btoa(octets);
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
