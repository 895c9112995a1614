import type { Certificate } from '../x509/certificate.js';
import type { CertificateList } from '../x509/certificate-list.js';
import type { CertificateTime } from '../x509/time.js';
import type { PathProblem } from './path-problem.js';
import type { Strength } from './strength.js';

/** Whether the signature over `data` is that of the key in `spki`; false for anything not understood. */
export type Verify = (
  spki: Uint8Array,
  algorithm: Uint8Array,
  data: Uint8Array,
  signature: Uint8Array,
) => boolean;

/** A name that the last certificate must be for, as it was asked for. */
export interface ExpectedName {
  readonly kind: 'dns' | 'ip' | 'email';
  readonly value: string;
}

/** The user's side of RFC 5280 §6.1.1 (c) and (e) to (g). */
export interface PolicyInput {
  /** Object identifiers; empty: any policy. */
  readonly initialPolicySet: readonly string[];
  readonly explicit: boolean;
  readonly inhibitMapping: boolean;
  readonly inhibitAny: boolean;
}

/** How much work a path may cost, so that no bag of certificates can keep us busy. */
export interface Budget {
  /** Signatures that are checked, those of CRLs among them. */
  readonly signatures: number;
  /** Certificates that are tried as the next one of a path. */
  readonly steps: number;
  /** Names that are held against a name constraint. */
  readonly nameComparisons: number;
}

/**
 * What certificates must be like beside the algorithm of RFC 5280 §6. `server`: all that §4 of the
 * RFC says a conforming CA must do and a verifier can see. `general`: the same without the marks of
 * criticality that CAs of before RFC 5280 were free to leave out. `tolerant`: only what validation
 * itself demands, as certificates of many a private CA need it.
 */
export type PathProfile = 'server' | 'general' | 'tolerant';

/** What is judged, by what, when and how. */
export interface PathInput {
  readonly leaf: Certificate;
  /** What is trusted. Constraints in these certificates apply, their signatures are not looked at. */
  readonly anchors: readonly Certificate[];
  /** What may stand between. */
  readonly untrusted: readonly Certificate[];
  readonly at: CertificateTime;
  readonly verify: Verify;
  readonly crls?: readonly CertificateList[];
  /** Whether every certificate below the anchor must be shown not to be revoked; left out: when there are CRLs. */
  readonly checkRevocation?: boolean;
  readonly name?: ExpectedName;
  /** The key purpose that is needed, as an object identifier. */
  readonly eku?: string;
  readonly policy?: Partial<PolicyInput>;
  /** How many certificates may stand between the leaf and the anchor; 10 when left out. */
  readonly maxDepth?: number;
  readonly budget?: Partial<Budget>;
  readonly strength?: Strength;
  /** Left out: `server` when a name or a purpose is asked for, else `general`. */
  readonly profile?: PathProfile;
}

/** The path that holds, leaf first and anchor last; or what is wrong with the most promising one. */
export type PathResult =
  | {
      readonly valid: true;
      readonly path: readonly Certificate[];
      readonly problems: readonly [];
      /** The policies under which it is valid (§6.1.6); `2.5.29.32.0` stands for any. */
      readonly policies: readonly string[];
    }
  | {
      readonly valid: false;
      /** As far as it could be built. */
      readonly path: readonly Certificate[];
      readonly problems: readonly [PathProblem, ...PathProblem[]];
    };
