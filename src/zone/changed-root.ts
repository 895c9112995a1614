import type { Fingerprint } from './fingerprint.js';
import type { Operation } from './operation.js';
import type { ZoneSnapshot } from './zone-snapshot.js';

/**
 * The root to which the certificates of an operation must lead: that of the external CA which the zone
 * changes to. Null: the operation is no such change, and any root of the zone will do.
 */
export function changedRoot(
  { authorities }: Pick<ZoneSnapshot, 'authorities'>,
  { plannedAuthority, generation }: Operation,
): Fingerprint | null {
  if (plannedAuthority?.origin?.kind !== 'external') return null;
  return authorities.find((one) => one.generation === generation)?.certificate ?? null;
}
