import { isSubordinate, type Authority } from './authority.js';

/** The command that gives the zone its next CA: zmint makes an internal one, an external one brings its chain. */
export function authorityRenewal(authority: Pick<Authority, 'kind'> | undefined): string {
  return authority?.kind === 'external'
    ? 'zmint ca change --to external --chain FILE'
    : 'zmint ssl remint --ca';
}

/**
 * The command that replaces a CA whose key nobody may rely on any more. A CA above a subordinate one
 * vouches for its successor, so there the old key needs no name for it.
 */
export function authorityReplacement(
  authority: Pick<Authority, 'kind' | 'parents'> | undefined,
): string {
  const renewal = authorityRenewal(authority);
  const signsItself = authority?.kind === 'internal' && !isSubordinate(authority);
  return signsItself ? `${renewal} --compromised` : renewal;
}
