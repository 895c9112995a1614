import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/** A root in the zone's trust store. */
export interface TrustAnchor {
  readonly alias: string;
  readonly certificate: Fingerprint;
  readonly source: 'zone' | 'external';
  readonly since: Instant;
}
