import type { CertificationRequest } from '../x509/certification-request.js';
import type { ConstrainedNames } from '../x509/name-constraints-content.js';
import type { Authority } from '../zone/authority.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
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
  /** What an earlier run has left unfinished; null: nothing. */
  readonly waiting: WaitingIssue | null;
  /** How long it is valid; null: as is usual for its kind. */
  readonly life: { readonly days: number } | { readonly years: number } | null;
}

/** An issue that was begun by a run which died, and may have been recorded. */
export interface WaitingIssue {
  /** The public key (SPKI, DER) that is to be certified now. */
  readonly spki: Uint8Array;
  /** By what its certificate is known. */
  readonly left:
    | {
        /** SHA-256 of the public key of then. */
        readonly spkiSha256: string;
        /** When it was recorded; null: whenever, since the key was made for it. */
        readonly at: Instant | null;
      }
    | { readonly fingerprint: string };
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

/** A certificate that was issued by a run which died before it had handed it out. */
export interface RecordedIssue {
  readonly record: CertificateRecord;
  /** With what is sent behind it, PEM. */
  readonly certificate: string;
}

/** A certificate that is going to be issued. */
export interface IssuePlan extends IssuedContent {
  readonly basis: number;
  readonly at: Instant;
  /** The key to be certified; null: one of `keySpec` is made. */
  readonly spki: Uint8Array | null;
  readonly keySpec: KeySpec;
  readonly issuer: Authority;
  /** What an earlier run has issued and not handed out: nothing is signed; null: there is none. */
  readonly recorded: RecordedIssue | null;
  /** What its holder is to trust, PEM. */
  readonly roots: string;
  /** Extensions that the request asks for and does not get, as object identifiers. */
  readonly ignored: readonly string[];
}
