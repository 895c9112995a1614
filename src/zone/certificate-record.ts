import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/**
 * `client`: issued to a person, a service or an agent that is no member. `subordinate`: for another
 * CA, whose key the zone does not hold.
 */
export type CertificatePurpose = 'ca' | 'cross' | 'server' | 'client' | 'subordinate';
export type CertificateState =
  'future' | 'current' | 'previous' | 'retired' | 'revoked' | 'cancelled' | 'monitored';

/** A row of the certificate repository; what it says is copied from the DER, which is kept as received. */
export interface CertificateRecord {
  readonly fingerprint: Fingerprint;
  readonly purpose: CertificatePurpose;
  readonly state: CertificateState;
  /** The member that serves it; null for the CA's own certificates. */
  readonly memberId: string | null;
  /** The CA generation whose key signed it; null when it came from elsewhere. */
  readonly issuerGeneration: number | null;
  /** The CA generation whose key it certifies, for `ca` and `cross`; else null. */
  readonly subjectGeneration: number | null;
  /** Hexadecimal, lower case, without a leading `00` octet. */
  readonly serial: string;
  /** RFC 4514 text. */
  readonly subject: string;
  readonly issuer: string;
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly notBefore: Instant;
  readonly notAfter: Instant;
  /** A KeySpec, or a description of a key that zmint itself does not make. */
  readonly key: string;
  readonly spkiSha256: string;
  /** The certificate whose key this one took over (`--keep-key`); null: a fresh key. */
  readonly keyFrom: Fingerprint | null;
  readonly operationId: string | null;
  readonly recordedAt: Instant;
}

/** A serial number taken before a signature is made, so that it can never be given twice. */
export interface SerialReservation {
  /** SHA-256 of the issuer's SubjectPublicKeyInfo: the same key is the same issuer. */
  readonly issuerSpkiSha256: string;
  readonly serial: string;
  readonly purpose: CertificatePurpose;
  readonly memberId: string | null;
  readonly operationId: string | null;
  readonly reservedAt: Instant;
}
