import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type { KeySpec } from './key-spec.js';
import type { Activation } from './operation-terms.js';
import type { FileCustody } from './zone.js';

/**
 * `csr-generated`: the key waits for a certificate of the company's CA. `done`: the certificate came
 * and the generation exists. `cancelled`: given up, the key is gone.
 */
export type AuthorityRequestState = 'csr-generated' | 'done' | 'cancelled';

/** What was asked for when a request was made: it holds once the certificate has come. */
export interface AuthorityWish {
  readonly activateAt: { readonly when: 'now' } | Exclude<Activation, { when: 'held' }>;
  readonly updateName: string | null;
}

/** A signing request for the certificate of the zone's own CA, which a CA above it is to sign. */
export interface AuthorityRequest {
  /** The CA generation that it is for; its key lies where the keys of generations lie. */
  readonly generation: number;
  readonly state: AuthorityRequestState;
  /** Without the generation suffix that the subject carries. */
  readonly commonName: string;
  /** RFC 4514 text. */
  readonly subject: string;
  readonly keySpec: KeySpec;
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly spkiSha256: Fingerprint;
  /** PEM. */
  readonly csr: string;
  /** The member in whose home the key is. */
  readonly keyMemberId: string;
  /** How the key is locked. */
  readonly custody: FileCustody;
  /** Null: it is for the first CA of the zone, which is used at once. */
  readonly wish: AuthorityWish | null;
  readonly createdAt: Instant;
}

/** The request that waits for its certificate; there is one at the most. */
export function awaitedAuthority(
  requests: readonly AuthorityRequest[],
): AuthorityRequest | undefined {
  return requests.findLast(({ state }) => state === 'csr-generated');
}
