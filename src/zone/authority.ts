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
  /** Its own certificate: the root, but for a subordinate CA. */
  readonly certificate: Fingerprint;
  /**
   * Of a subordinate CA: the certificates above its own, its issuer first, the root that members
   * trust last. Absent: its own certificate is the root.
   */
  readonly parents?: readonly Fingerprint[];
  /** SHA-256 of the SubjectPublicKeyInfo, hexadecimal: two generations with one key share it. */
  readonly spkiSha256: string;
  /** The member in whose home the key is; null for an external CA. */
  readonly keyMemberId: string | null;
  readonly createdAt: Instant;
}

/** Whether a CA above it signed its certificate. */
export function isSubordinate({ parents = [] }: Pick<Authority, 'parents'>): boolean {
  return parents.length > 0;
}

/** The certificate that members trust. */
export function authorityRoot({ certificate, parents }: Authority): Fingerprint {
  return parents?.at(-1) ?? certificate;
}

/** What servers send of it behind their own certificates: all between those and the root. */
export function authoritySends({ certificate, parents = [] }: Authority): readonly Fingerprint[] {
  return parents.length === 0 ? [] : [certificate, ...parents.slice(0, -1)];
}
