import type { AuthorityRequest } from './authority-request.js';
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
    }
  | SubordinateChange;

/** A CA whose certificate was requested before, and has come. */
export interface SubordinateChange {
  readonly to: 'subordinate';
  /** What was requested; its key is locked in the home of its member. */
  readonly request: AuthorityRequest;
  /** What the certificate says that came. */
  readonly certificate: { readonly commonName: string; readonly validity: Validity };
  /** The root above it is the one that members trust already. */
  readonly sameRoot: boolean;
}

/**
 * Where a planned CA comes from, when no CA of the zone makes it. `external`: its chain was given,
 * and servers wait for the certificates that it signs. `internal`: a server makes it, which held no
 * CA or a subordinate one. `subordinate`: a CA above it has signed its certificate.
 */
export type AuthorityOrigin =
  | { readonly kind: 'external'; readonly requests: RequestsWish | null }
  | {
      readonly kind: 'internal';
      readonly keyMemberId: string;
      readonly custody: FileCustody;
    }
  | {
      readonly kind: 'subordinate';
      readonly keyMemberId: string;
      readonly custody: FileCustody;
      /** Nobody has a new root to learn. */
      readonly sameRoot: boolean;
    };

/** Whether a planned CA comes under the root that everybody trusts already: then nothing is spread. */
export function keepsTrust(origin: AuthorityOrigin | undefined): boolean {
  return origin?.kind === 'subordinate' && origin.sameRoot;
}
