import type { Authority } from './authority.js';
import { awaitedAuthority, type AuthorityRequest } from './authority-request.js';
import type { Fingerprint } from './fingerprint.js';
import { keyGeneration } from './zone-snapshot.js';

/** A key of a CA that the zone holds and needs. */
export interface HeldKey {
  /** The generation that it is for; one that is awaited is none yet. */
  readonly generation: number;
  /** The generation under whose number it lies. */
  readonly lies: number;
  readonly spkiSha256: Fingerprint;
}

/**
 * The keys that would be lost with the zone: of generations in use or to come, and of the CA that waits
 * for its certificate, since what the company signs is for that key and no other.
 */
export function heldKeys(
  authorities: readonly Authority[],
  requests: readonly AuthorityRequest[],
): readonly HeldKey[] {
  const held = authorities
    .filter(
      ({ keyMemberId, state }) =>
        keyMemberId !== null && state !== 'retired' && state !== 'cancelled',
    )
    .map((authority) => ({
      generation: authority.generation,
      lies: keyGeneration(authorities, authority),
      spkiSha256: authority.spkiSha256,
    }));
  const awaited = awaitedAuthority(requests);
  if (awaited === undefined) return held;
  const { generation, spkiSha256 } = awaited;
  return [...held, { generation, lies: generation, spkiSha256 }];
}

/** The newest generation whose key the zone holds and needs; null: none. */
export function newestKey(
  authorities: readonly Authority[],
  requests: readonly AuthorityRequest[],
): number | null {
  const held = heldKeys(authorities, requests);
  return held.length === 0 ? null : Math.max(...held.map(({ generation }) => generation));
}
