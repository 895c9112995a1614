import { toHex } from '../encoding/hex.js';
import { encodeUtf8 } from '../encoding/utf8.js';

const SPECIAL = /["+,;<>\\]/gu;

/** What nothing has to be done about. */
const HARMLESS = /^[A-Za-z0-9][A-Za-z0-9 .:/*@_-]*(?<! )$/u;

/** Controls, separators of lines, and what changes the direction of text or is not seen. */
const UNSAFE = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Co}\p{Cn}]/gu;

/** Whether the text has a character that could make a terminal show something else than it says. */
export function hasUnsafeCharacters(text: string): boolean {
  return new RegExp(UNSAFE.source, 'u').test(text);
}

/**
 * An attribute value as RFC 4514 §2.4 writes it. Characters that a terminal could be deceived with
 * are escaped as the hexadecimal pairs of their UTF-8 too, which the RFC allows for any character.
 */
export function escapeAttributeValue(value: string): string {
  if (HARMLESS.test(value)) return value;
  return value
    .replace(SPECIAL, String.raw`\$&`)
    .replace(/(?<=.) $/su, String.raw`\ `)
    .replace(/^(?=[ #])/u, '\\')
    .replace(UNSAFE, escapedOctets);
}

function escapedOctets(character: string): string {
  return toHex(encodeUtf8(character))
    .toUpperCase()
    .replace(/../gu, String.raw`\$&`);
}
