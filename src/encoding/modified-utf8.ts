import { concatBytes } from './bytes.js';
import { unreadable } from './unreadable.js';

/**
 * The text of Java's modified UTF-8 (java.io.DataInput): units of UTF-16 in one, two or three octets.
 * Throws `unreadable` for other octets.
 */
export function decodeModifiedUtf8(octets: Uint8Array): string {
  const units: string[] = [];
  for (let at = 0; at < octets.length;) {
    const first = octets[at] ?? 0;
    const length = first < 0x80 ? 1 : first >> 5 === 6 ? 2 : first >> 4 === 14 ? 3 : 0;
    const rest = octets.subarray(at + 1, at + length);
    const whole = length > 0 && rest.length === length - 1;
    if (!whole || rest.some((octet) => octet >> 6 !== 2)) {
      throw unreadable(`a text of Java is damaged at its byte ${at}`);
    }
    const lead = length === 1 ? first : first & (0xff >> (length + 1));
    const unit = rest.reduce((sum, octet) => sum * 64 + (octet & 0x3f), lead);
    units.push(String.fromCharCode(unit));
    at += length;
  }
  return units.join('');
}

/** The text in Java's modified UTF-8. */
export function encodeModifiedUtf8(text: string): Uint8Array {
  return concatBytes(
    Array.from({ length: text.length }, (_, index) => octetsOf(text.charCodeAt(index))),
  );
}

function octetsOf(unit: number): Uint8Array {
  if (unit > 0 && unit < 0x80) return Uint8Array.of(unit);
  if (unit < 0x800) return Uint8Array.of(0xc0 | (unit >> 6), 0x80 | (unit & 0x3f));
  return Uint8Array.of(0xe0 | (unit >> 12), 0x80 | ((unit >> 6) & 0x3f), 0x80 | (unit & 0x3f));
}
