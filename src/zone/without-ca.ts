import type { Zone } from './zone.js';

/** The zone as one whose CA is elsewhere: nobody holds a key of it. */
export function withoutCa(zone: Zone): Zone {
  return { ...zone, custody: 'external', caMemberId: null };
}
