import type { Instant } from './instant.js';
import type { PasswordHash } from './password-hash.js';

export const PRIVILEGES = ['admin', 'operator'] as const;
/** `admin`: everything. `operator`: everything but the CA's key, trust and administrators. */
export type Privilege = (typeof PRIVILEGES)[number];

/** Somebody who signs in to the zone's service with a password; on the console the system's user counts. */
export interface Administrator {
  /** Lower case, unique in the zone; `parseAdministratorName`. */
  readonly name: string;
  readonly privilege: Privilege;
  readonly password: PasswordHash;
  readonly addedAt: Instant;
  readonly passwordSetAt: Instant;
}
