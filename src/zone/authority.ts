import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/** `future`: minted, issues nothing that is live. `retiring`: replaced, still trusted. */
export type AuthorityState = 'future' | 'active' | 'retiring' | 'retired' | 'cancelled';

/** One generation of the zone's certificate authority. */
export interface Authority {
  /** 1, 2, 3 …, never reused. */
  readonly generation: number;
  readonly kind: 'internal' | 'external';
  readonly state: AuthorityState;
  /** Without the generation suffix that the subject carries. */
  readonly commonName: string;
  readonly certificate: Fingerprint;
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: two generations with one key share it. */
  readonly spkiSha256: string;
  /** The member in whose home the key is; null for an external CA. */
  readonly keyMemberId: string | null;
  readonly createdAt: Instant;
}
