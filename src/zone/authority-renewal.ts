import type { Authority } from './authority.js';

/** The command that gives the zone its next CA: zmint makes an internal one, an external one brings its chain. */
export function authorityRenewal(authority: Pick<Authority, 'kind'> | undefined): string {
  return authority?.kind === 'external'
    ? 'zmint ca change --to external --chain FILE'
    : 'zmint ssl remint --ca';
}
