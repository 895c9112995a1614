import { decodeBase64 } from '../encoding/base64.js';

/**
 * The text of a file: UTF-16 when it begins with that byte order mark, as Windows writes; otherwise
 * UTF-8, damaged characters replaced, since only the ASCII of PEM counts.
 */
export function fileText(bytes: Uint8Array): string {
  const [first, second] = bytes;
  if (first === 0xff && second === 0xfe) return new TextDecoder('utf-16le').decode(bytes);
  if (first === 0xfe && second === 0xff) return new TextDecoder('utf-16be').decode(bytes);
  return new TextDecoder('utf-8').decode(bytes);
}

/** The octets when the whole text is base64 of DER without any PEM boundary around; else undefined. */
export function bareBase64(text: string): Uint8Array | undefined {
  if (!/^\s*M[A-Za-z0-9+/\s]*={0,2}\s*$/u.test(text)) return undefined;
  const dense = text.replace(/\s+/gu, '');
  return dense.length % 4 === 0 && dense.length > 8 ? decodeBase64(dense) : undefined;
}
