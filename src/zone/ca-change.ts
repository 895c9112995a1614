import type { Fingerprint } from './fingerprint.js';
import type { RequestsWish } from './requests-wish.js';
import type { Validity } from './validity.js';
import type { FileCustody } from './zone.js';

/** The root of an external CA, as far as decisions need it. */
export interface ExternalRoot {
  readonly fingerprint: Fingerprint;
  readonly spkiSha256: string;
  readonly commonName: string;
  readonly validity: Validity;
}

/** What a person asked of a change of the CA. */
export type CaChange =
  | {
      readonly to: 'external';
      readonly root: ExternalRoot;
      /** What the requests ask for; null: a person makes them. */
      readonly requests: RequestsWish | null;
    }
  | {
      readonly to: 'internal';
      /** The member that is to hold the CA role. */
      readonly keyMemberId: string;
      readonly custody: FileCustody;
    };

/**
 * Where a planned CA comes from, when no CA of the zone makes it. `external`: its chain was given,
 * and servers wait for the certificates that it signs. `internal`: a server that held no CA makes it.
 */
export type AuthorityOrigin =
  | { readonly kind: 'external'; readonly requests: RequestsWish | null }
  | {
      readonly kind: 'internal';
      readonly keyMemberId: string;
      readonly custody: FileCustody;
    };
