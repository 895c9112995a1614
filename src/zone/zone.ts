import type { Instant } from './instant.js';
import type { KeySpec } from './key-spec.js';

/** How a key file is locked at rest. */
export type FileCustody = 'passphrase' | 'no-passphrase';

/**
 * How the keys of the zone's CA are kept. `external`: the zone has none, the CA is elsewhere. `token`:
 * they lie in a PKCS#11 token. Of the zone as a whole it says how files are locked, if there are any:
 * a zone may have begun with a file and gone on in a token.
 */
export type Custody = FileCustody | 'token' | 'external';

/** How one key is kept: the zone's way, unless it lies in a token. */
export function custodyOfKey(zone: Pick<Zone, 'custody'>, keyUri: string | null): Custody {
  return keyUri === null ? zone.custody : 'token';
}

/** How a new key file of the zone is locked. */
export function fileCustody({ custody }: Pick<Zone, 'custody'>): FileCustody {
  return custody === 'passphrase' ? custody : 'no-passphrase';
}

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
