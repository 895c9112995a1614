import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/** A backup of the zone that was read back from disk, opened and compared, and whose keys have signed. */
export interface VerifiedBackup {
  /** SHA-256 of the file, in lower-case hexadecimal. */
  readonly sha256: Fingerprint;
  /** Where it was then; it may have been moved since. */
  readonly path: string;
  /** The newest event of the audit log in it. */
  readonly headSequence: number;
  readonly headHash: string;
  /** The newest generation of the CA in it. */
  readonly generation: number;
  /** When the zone was as the backup holds it; ages count from here. */
  readonly madeAt: Instant;
  readonly verifiedAt: Instant;
}
