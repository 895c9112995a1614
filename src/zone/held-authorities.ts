import type { Authority } from './authority.js';

/** The generations of the CA whose keys the zone holds and needs, in files or in tokens. */
export function heldAuthorities(authorities: readonly Authority[]): readonly Authority[] {
  return authorities.filter(
    ({ keyMemberId, state }) =>
      keyMemberId !== null && state !== 'retired' && state !== 'cancelled',
  );
}
