import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/** A key of the zone's CA that lies in a PKCS#11 token. A key without such a row lies in a file. */
export interface TokenKey {
  /** SHA-256 of its SubjectPublicKeyInfo: what the generations that share the key have in common. */
  readonly spkiSha256: Fingerprint;
  /** As `renderKeyUri` gives it, with the id of the key; never a PIN. */
  readonly uri: string;
  readonly recordedAt: Instant;
}

/** Where the key of a generation lies, if it is in a token. */
export function tokenKeyOf(
  keys: readonly TokenKey[],
  authority: { readonly spkiSha256: Fingerprint },
): TokenKey | undefined {
  return keys.find((key) => key.spkiSha256 === authority.spkiSha256);
}
