import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';
import type { RevocationReason } from './revocation-reason.js';

/** A certificate that the zone's CA has taken back, for good. */
export interface Revocation {
  readonly fingerprint: Fingerprint;
  /** The key whose CRL names it. */
  readonly issuerSpkiSha256: string;
  /** As in `CertificateRecord`. */
  readonly serial: string;
  readonly reason: RevocationReason;
  readonly revokedAt: Instant;
  /** Since when its key cannot be relied on any more (RFC 5280 §5.3.2); null: not known. */
  readonly invalidityDate: Instant | null;
  /** The end of the certificate: some CRL after it may leave the entry out. */
  readonly notAfter: Instant;
  /** The number of the first CRL that names it; null: none yet. */
  readonly listedIn: number | null;
}
