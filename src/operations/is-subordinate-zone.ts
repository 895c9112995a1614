import type { ZoneReader } from '../ports/zone-store.js';
import { isSubordinate } from '../zone/authority.js';

/** Whether a CA above the zone's own has signed it, and must sign its successor. */
export async function isSubordinateZone(store: Pick<ZoneReader, 'authorities'>): Promise<boolean> {
  const active = (await store.authorities()).find(({ state }) => state === 'active');
  return active !== undefined && isSubordinate(active);
}
