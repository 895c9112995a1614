import { unreadable } from './unreadable.js';

const DIGITS = '0123456789abcdef';
const decoder = new TextDecoder();

/** Lower-case hexadecimal, two digits for each octet. */
export function toHex(bytes: Uint8Array): string {
  const codes = new Uint8Array(2 * bytes.length);
  let at = 0;
  for (const octet of bytes) {
    codes[at] = DIGITS.charCodeAt(octet >> 4);
    codes[at + 1] = DIGITS.charCodeAt(octet & 15);
    at += 2;
  }
  return decoder.decode(codes);
}

/** What each character stands for; -1: it is no digit. */
const VALUES = Int8Array.from({ length: 128 }, (_, code) =>
  DIGITS.indexOf(String.fromCharCode(code).toLowerCase()),
);

/** The octets of hexadecimal digits in either case, without separators. Throws `unreadable`. */
export function fromHex(text: string): Uint8Array {
  const octets = new Uint8Array(text.length >> 1);
  let wrong = text.length & 1;
  for (let index = 0; index < octets.length; index += 1) {
    const high = VALUES[text.charCodeAt(2 * index)] ?? -1;
    const low = VALUES[text.charCodeAt(2 * index + 1)] ?? -1;
    wrong |= (high | low) & 0x80;
    octets[index] = (high << 4) | low;
  }
  if (wrong === 0) return octets;
  throw unreadable('the text is not hexadecimal digits in pairs');
}
