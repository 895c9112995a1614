import type { Instant } from '../zone/instant.js';

/** When this user was last warned that the CA of a zone is about to expire; lost when it cannot be kept. */
export interface WarningLedger {
  /** Undefined: never, or it is not known. */
  lastWarned(zoneId: string): Instant | undefined;
  /** Remembers it where the user has a place for such things; throws `storage` for real faults only. */
  warned(zoneId: string, at: Instant): void;
}
