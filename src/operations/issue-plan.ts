import type { CertificationRequest } from '../x509/certification-request.js';
import type { ConstrainedNames } from '../x509/name-constraints-content.js';
import type { Authority } from '../zone/authority.js';
import type { Instant } from '../zone/instant.js';
import type { IssuedName } from '../zone/issued-names.js';
import type { IssuedProfile, IssuedPurpose } from '../zone/issued-profile.js';
import type { KeySpec } from '../zone/key-spec.js';
import type { ConstraintWish } from '../zone/subordinate-profile.js';
import type { Validity } from '../zone/validity.js';

/** What `ca issue` is asked for. */
export interface IssueRequest {
  readonly commonName: string;
  readonly kind:
    | {
        readonly is: 'end-entity';
        readonly purposes: readonly IssuedPurpose[];
        readonly names: readonly IssuedName[];
        /** Take the names that the request asks for too. */
        readonly requestedNames: boolean;
      }
    | {
        readonly is: 'subordinate';
        /** How many CAs may follow below it. */
        readonly pathLength: number;
        readonly constraints: ConstraintWish;
      };
  /** Null: zmint makes the key. */
  readonly csr: CertificationRequest | null;
  readonly keySpec: KeySpec | null;
  /** How long it is valid; null: as is usual for its kind. */
  readonly life: { readonly days: number } | { readonly years: number } | null;
}

/** What a certificate that is going to be issued will say. */
export interface IssuedContent {
  readonly commonName: string;
  readonly profile:
    | ({ readonly is: 'end-entity' } & IssuedProfile)
    | {
        readonly is: 'subordinate';
        readonly pathLength: number;
        readonly constraints: ConstrainedNames;
      };
  readonly validity: Validity;
  /** It would have been longer, but the CA ends. */
  readonly cut: boolean;
}

/** A certificate that is going to be issued. */
export interface IssuePlan extends IssuedContent {
  readonly basis: number;
  readonly at: Instant;
  /** The key to be certified; null: one of `keySpec` is made. */
  readonly spki: Uint8Array | null;
  readonly keySpec: KeySpec;
  readonly issuer: Authority;
  /** Extensions that the request asks for and does not get, as object identifiers. */
  readonly ignored: readonly string[];
}
