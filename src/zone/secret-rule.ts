import { ZmintError } from '../errors.js';

const LEAST_CHARACTERS = 10;

/**
 * Throws `policy` when a new password or passphrase, in UTF-8, has fewer than 10 characters.
 *
 * @param what - it, as it is called in the error: `the password`
 */
export function requireLongSecret(bytes: Uint8Array, what: string): void {
  // In UTF-8 every character has one byte that is no continuation.
  const characters = bytes.reduce((sum, byte) => sum + ((byte & 0xc0) === 0x80 ? 0 : 1), 0);
  if (characters >= LEAST_CHARACTERS) return;
  throw new ZmintError('policy', `${what} has fewer than ${LEAST_CHARACTERS} characters`, {
    hint: 'choose a longer one, such as four words',
  });
}
