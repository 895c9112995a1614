import { isSubordinate, type Authority } from './authority.js';
import { awaitedAuthority, type AuthorityRequest } from './authority-request.js';
import { authorityReplacement } from './authority-renewal.js';
import { TAKE_AUTHORITY } from './no-active-authority.js';

/**
 * What to type where the key of a generation is lost and no backup has it (I-26). A CA whose
 * activation is still to come is given up. The successor of a subordinate CA is requested from the CA
 * above it; its import cannot want a backup, since none can be made of a key that is lost.
 */
export function lostKeyMend(authority: Authority, requests: readonly AuthorityRequest[]): string {
  if (authority.state === 'future') return 'zmint ssl cancel';
  const replacement = authorityReplacement(authority);
  if (!isSubordinate(authority)) return `${replacement} --no-backup-check`;
  const take = `${TAKE_AUTHORITY} --no-backup-check`;
  return awaitedAuthority(requests) === undefined ? `${replacement}, then ${take}` : take;
}
