import type { CertificateRecord } from '../zone/certificate-record.js';
import type { CrlIssuer } from '../zone/crl-issuer.js';
import type { Instant } from '../zone/instant.js';
import type { Revocation } from '../zone/revocation.js';

/** What is recorded about revoked certificates and the CRLs that name them. Rows are checked as all are. */
export interface RevocationReader {
  /** By generation. */
  crlIssuers(): Promise<readonly CrlIssuer[]>;
  revocation(fingerprint: string): Promise<Revocation | undefined>;
  /** Those of one key that end at the instant or later, by time, then serial number. */
  revocationsOf(issuerSpkiSha256: string, endingFrom: Instant): Promise<readonly Revocation[]>;
  /** Those that no CRL names yet, by time, then serial number. */
  unlistedRevocations(): Promise<readonly Revocation[]>;
  /** Those among these certificates that are revoked, in no order. */
  revocationsNamed(fingerprints: readonly string[]): Promise<readonly Revocation[]>;
  /** Server certificates in use that are revoked, by end; at most so many. */
  revokedInUse(limit: number): Promise<readonly CertificateRecord[]>;
  /** Certificates whose fingerprint begins so, by fingerprint; at most so many. */
  certificatesLike(start: string, limit: number): Promise<readonly CertificateRecord[]>;
  /** Certificates with that serial number, by fingerprint. */
  certificatesNumbered(serial: string): Promise<readonly CertificateRecord[]>;
  /** When the last certificate ends that a generation of the CA issued, its own root left out; null: there is none. */
  lastEndOf(generation: number): Promise<Instant | null>;
}
