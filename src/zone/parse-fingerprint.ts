import { ZmintError } from '../errors.js';
import type { Fingerprint } from './fingerprint.js';

/**
 * A SHA-256 fingerprint as tools print it: 64 hexadecimal digits in any case, with or without colons
 * or blanks, with or without `SHA256:` or `sha256 Fingerprint=` in front. Throws `usage`; SHA-1 and
 * MD5 are told apart, since neither says which certificate it is.
 */
export function parseFingerprint(text: string): Fingerprint {
  const bare = text.trim().replace(/^sha-?256\s*(?:fingerprint)?\s*[=:]\s*/iu, '');
  const digits = bare.replace(/[:\s]/gu, '').toLowerCase();
  if (/^[\da-f]{64}$/u.test(digits)) return digits;
  const old = /^(?:[\da-f]{40}|[\da-f]{32})$/u.test(digits);
  const fact = old
    ? `"${text}" is a fingerprint of SHA-1 or MD5, which can be forged`
    : `"${text}" is no SHA-256 fingerprint`;
  throw new ZmintError('usage', fact, {
    hint: 'openssl x509 -noout -fingerprint -sha256 -in FILE prints that of a certificate',
  });
}
