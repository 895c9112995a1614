import { authorityRoot } from './authority.js';
import type { Fingerprint } from './fingerprint.js';
import type { MemberSet } from './member-set.js';
import type { Operation } from './operation.js';
import { chainBehind, crossBehind } from './set-chains.js';
import type { TrustAnchor } from './trust-anchor.js';
import { authorityAlias, trustOf, union } from './zone-trust.js';
import { activeAuthority, type ZoneSnapshot } from './zone-snapshot.js';

/** What a set holds beside its leaf. */
export interface SetContent {
  readonly chain: readonly Fingerprint[];
  readonly trust: readonly Fingerprint[];
}

/** What a certificate that the zone's CA issues outside a CA operation is sent and stored with. */
export function presentContent(
  snapshot: ZoneSnapshot,
  anchors: readonly TrustAnchor[],
): SetContent {
  const active = activeAuthority(snapshot);
  const retiring = snapshot.authorities.find((authority) => authority.state === 'retiring');
  return {
    chain:
      active === undefined ? [] : chainBehind(snapshot, active.generation, retiring?.generation),
    trust: trustOf(anchors),
  };
}

/** What the future sets of an operation hold. */
export function futureContent(
  snapshot: ZoneSnapshot,
  operation: Operation,
  anchors: readonly TrustAnchor[],
): SetContent {
  if (operation.kind === 'server-remint') return presentContent(snapshot, anchors);
  const root = rootOf(snapshot, operation.generation);
  const old = authorityAlias(operation.previousGeneration);
  const kept = operation.compromised ? anchors.filter((anchor) => anchor.alias !== old) : anchors;
  return {
    chain: chainBehind(snapshot, operation.generation, operation.previousGeneration),
    trust: union(trustOf(kept), root),
  };
}

/**
 * What a member holds from staging to activation: its certificate of today, sent with OldWithNew
 * so that clients with only the new root reach it, under the old and the new trust.
 */
export function stagedContent(
  snapshot: ZoneSnapshot,
  operation: Operation,
  live: Pick<MemberSet, 'leaf' | 'chain' | 'trust'>,
): SetContent {
  const cross = crossBehind(snapshot, operation.previousGeneration, operation.generation);
  return {
    chain: live.leaf === null ? [] : union(live.chain, cross),
    trust: union(live.trust, rootOf(snapshot, operation.generation)),
  };
}

/** What a member holds once the old root has left. */
export function narrowedContent(anchors: readonly TrustAnchor[], operation: Operation): SetContent {
  const old = authorityAlias(operation.previousGeneration);
  return { chain: [], trust: trustOf(anchors.filter((anchor) => anchor.alias !== old)) };
}

function rootOf(snapshot: ZoneSnapshot, generation: number): readonly Fingerprint[] {
  return snapshot.authorities
    .filter((authority) => authority.generation === generation)
    .map(authorityRoot);
}
