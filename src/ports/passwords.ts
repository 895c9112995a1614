import type { PasswordHash } from '../zone/password-hash.js';

/** Derives and compares what is kept of passwords, with scrypt (RFC 7914). */
export interface Passwords {
  /** With a fresh salt and the cost of today. The caller wipes the password. */
  hash(password: Uint8Array): Promise<PasswordHash>;
  /**
   * Always derives, then compares in constant time. Without a hash it derives with the cost of today
   * and answers no: whoever measures does not learn which names exist. Throws `damaged` for a cost
   * outside of 2^15 to 2^20, r 8, p 1 to 16.
   */
  verify(password: Uint8Array, hash: PasswordHash | undefined): Promise<boolean>;
}
