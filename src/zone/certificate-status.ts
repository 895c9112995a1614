import { certificateLife, type CertificateLife } from './certificate-life.js';
import type { CertificateRecord } from './certificate-record.js';
import type { Instant } from './instant.js';
import type { OperationMember } from './operation.js';
import type { CreationState } from './operation-terms.js';

/** The manuals' certificate status of a server; while a remint runs, that of its creation. */
export type CertificateStatus = CertificateLife | CreationState | 'no-certificate';

/**
 * The creation of the future certificate while it waits, else where the current one stands. `part`
 * is the server's part in the operation that runs.
 */
export function certificateStatus(
  current: CertificateRecord | undefined,
  part: OperationMember | undefined,
  now: Instant,
): CertificateStatus {
  const creation = part?.evidence === null ? part.creation : null;
  if (creation !== null) return creation;
  return current === undefined ? 'no-certificate' : certificateLife(current, now);
}
