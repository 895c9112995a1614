import type { PlannedAuthority } from './remint-plan.js';

/**
 * Whether the key of the CA of today signs anything of the next one: the root when it is kept, else
 * NewWithOld. OldWithNew is signed by the new key. So a lost key can be replaced.
 */
export function needsOldKey({
  origin,
  keepKey,
  newWithOld,
}: Pick<PlannedAuthority, 'origin' | 'keepKey' | 'newWithOld'>): boolean {
  return origin === undefined && (keepKey || newWithOld);
}
