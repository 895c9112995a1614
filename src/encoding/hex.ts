import { unreadable } from './unreadable.js';

const PAIRS = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** Lower-case hexadecimal, two digits for each octet. */
export function toHex(bytes: Uint8Array): string {
  let text = '';
  for (const octet of bytes) text += PAIRS[octet] ?? '';
  return text;
}

/** The octets of hexadecimal digits in either case, without separators. Throws `unreadable`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/iu.test(text)) {
    throw unreadable('the text is not hexadecimal digits in pairs');
  }
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}
