import { certificateLife, type CertificateLife } from './certificate-life.js';
import type { CertificateRecord } from './certificate-record.js';
import type { CertificateRequest } from './certificate-request.js';
import type { Instant } from './instant.js';
import type { OperationMember } from './operation.js';
import type { CreationState } from './operation-terms.js';

/** The manuals' certificate status of a server; while something new is on its way, that of its creation. */
export type CertificateStatus =
  | CertificateLife
  | CreationState
  | 'revoked'
  | 'csr-generated'
  | 'csr-generation-failed'
  | 'new-certificate-uploaded'
  | 'no-certificate';

/** What is to be known of a certificate in use. */
export type DatedCertificate = Pick<CertificateRecord, 'notBefore' | 'notAfter' | 'spkiSha256'>;

/** What is known about a server's certificates. */
export interface CertificateStanding {
  readonly current: DatedCertificate | undefined;
  /** Whether the one in use is revoked. */
  readonly revoked: boolean;
  /** The server's part in the operation that runs. */
  readonly part: OperationMember | undefined;
  /** The request that waits, or failed. */
  readonly request: CertificateRequest | undefined;
}

/**
 * The creation of the future certificate while it waits, else the request for it, else where the
 * current one stands.
 */
export function certificateStatus(
  { current, revoked, part, request }: CertificateStanding,
  now: Instant,
): CertificateStatus {
  const coming = creationOf(part) ?? requestOf(request, current);
  if (coming !== undefined) return coming;
  if (revoked) return 'revoked';
  return current === undefined ? 'no-certificate' : certificateLife(current, now);
}

function creationOf(part: OperationMember | undefined): CertificateStatus | undefined {
  if (part?.evidence !== null || part.creation === null) return undefined;
  const uploaded = part.planned?.placedByHand === true;
  return uploaded && part.creation === 'new-certificate-created'
    ? 'new-certificate-uploaded'
    : part.creation;
}

function requestOf(
  request: CertificateRequest | undefined,
  current: DatedCertificate | undefined,
): CertificateStatus | undefined {
  if (request?.state === 'csr-generation-failed') return 'csr-generation-failed';
  const waits = request?.state === 'csr-generated' && request.spkiSha256 !== current?.spkiSha256;
  return waits ? 'csr-generated' : undefined;
}
