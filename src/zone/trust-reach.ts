import type { Fingerprint } from './fingerprint.js';
import { isServer, type Member } from './member.js';
import { liveSet, type ZoneSnapshot } from './zone-snapshot.js';

/** How far a change of the trust store has come: it is in the bundles of these members, and not of those. */
export interface TrustReach {
  readonly with: readonly Member[];
  readonly without: readonly Member[];
}

/**
 * Members by whether the bundle that they have now holds a root. A member without a set of files is
 * in neither list. A bundle changes with the next set of its member, never by itself: this function
 * is where it is known who waits for one.
 */
export function reachOf(snapshot: ZoneSnapshot, root: Fingerprint): TrustReach {
  const held = snapshot.members.flatMap((member) => {
    const set = liveSet(snapshot, member.id);
    return set === undefined ? [] : [{ member, holds: set.trust.includes(root) }];
  });
  return {
    with: held.filter(({ holds }) => holds).map(({ member }) => member),
    without: held.filter(({ holds }) => !holds).map(({ member }) => member),
  };
}

/** The command that gives these members their next set; null when there are none. */
export function nextSetCommand(members: readonly Member[]): string | null {
  if (members.length === 0) return null;
  return members.some(isServer) ? 'zmint ssl remint --all' : 'zmint ssl remint --ca';
}
