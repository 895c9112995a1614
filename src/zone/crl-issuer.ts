import type { Instant } from './instant.js';

/** A CRL that was signed and is the newest of its key. */
export interface SignedCrl {
  readonly number: number;
  readonly thisUpdate: Instant;
  readonly nextUpdate: Instant;
  /** How many certificates it names. */
  readonly entries: number;
  /** DER as base64 in one line. */
  readonly der: string;
}

/** A key of the CA as far as its CRLs go; generations that share a key share these. */
export interface CrlIssuer {
  /** SHA-256 of the SubjectPublicKeyInfo. */
  readonly issuerSpkiSha256: string;
  /** The first generation with that key: its files are called after it. */
  readonly generation: number;
  /** The highest number that was ever taken; the next one is above it, whatever became of the CRL. */
  readonly floor: number;
  /** Null: a number was taken, and nothing signed yet. */
  readonly crl: SignedCrl | null;
  /** Whether the newest CRL has reached the zone home and every member. */
  readonly published: boolean;
}

/**
 * The number for a CRL that is made now: above every earlier one, and not below the clock. So a zone
 * that was restored from an older copy goes on above the numbers that it has forgotten.
 */
export function nextCrlNumber(floor: number, now: Instant): number {
  return Math.max(floor + 1, now);
}
