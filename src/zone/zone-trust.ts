import type { Fingerprint } from './fingerprint.js';
import type { TrustAnchor } from './trust-anchor.js';

/** The alias under which a generation's root stands in the trust store. */
export function authorityAlias(generation: number): string {
  return `zone-ca-g${generation}`;
}

/** The roots of a bundle: oldest first, then by alias; each once (I-15). */
export function trustOf(anchors: readonly TrustAnchor[]): readonly Fingerprint[] {
  const sorted = [...anchors].sort((a, b) => a.since - b.since || (a.alias < b.alias ? -1 : 1));
  return union(sorted.map((anchor) => anchor.certificate));
}

/** First come, first kept; order-stable and idempotent (I-15). */
export function union(...lists: readonly (readonly Fingerprint[])[]): readonly Fingerprint[] {
  return [...new Set(lists.flat())];
}
