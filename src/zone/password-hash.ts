/** What is kept of a password: scrypt (RFC 7914) with the cost and the salt of this one. */
export interface PasswordHash {
  readonly kdf: 'scrypt';
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** Base64 of 16 octets. */
  readonly salt: string;
  /** Base64 of 32 octets. */
  readonly hash: string;
}
