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

/** The octets of hexadecimal digits in either case, without separators. Throws `unreadable`. */
export function fromHex(text: string): Uint8Array {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/iu.test(text)) {
    throw unreadable('the text is not hexadecimal digits in pairs');
  }
  const octets = new Uint8Array(text.length / 2);
  for (let index = 0; index < octets.length; index += 1) {
    octets[index] =
      16 * digitValue(text.charCodeAt(2 * index)) + digitValue(text.charCodeAt(2 * index + 1));
  }
  return octets;
}

/** Of a character that was found to be a digit: letters end in 1 to 6, whatever their case. */
function digitValue(code: number): number {
  return code < 0x40 ? code - 0x30 : (code & 7) + 9;
}
