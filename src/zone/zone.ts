import type { Instant } from './instant.js';
import type { KeySpec } from './key-spec.js';

/** How the keys of the zone's CA are locked at rest. `external`: the zone has none, the CA is elsewhere. */
export type Custody = 'passphrase' | 'no-passphrase' | 'external';

/** One administered group of servers and devices that trust one certificate authority. */
export interface Zone {
  /** A UUID. */
  readonly id: string;
  readonly name: string;
  readonly createdAt: Instant;
  readonly custody: Custody;
  /** For the keys of servers that have none yet. */
  readonly keySpec: KeySpec;
  /** The member that holds the CA role; null in an external zone. */
  readonly caMemberId: string | null;
}
