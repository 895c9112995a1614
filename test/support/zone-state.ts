import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { openZoneReader } from '../../src/adapters/sql/open-zone-reader.js';
import type { ZoneReader } from '../../src/ports/zone-store.js';
import { picture } from './zone-fsck.js';

/** Reads the zone's database beside whatever else runs. */
export async function withReader<T>(
  zoneHome: string,
  work: (reader: ZoneReader) => Promise<T>,
): Promise<T> {
  const reader = await openZoneReader(zoneHome);
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

/** The sequence of the newest audit event: no change without one. */
export function eventCount(zoneHome: string): Promise<number> {
  return withReader(zoneHome, async (reader) => (await reader.lastEvents(1)).at(-1)?.sequence ?? 0);
}

/** All files but the database's own, to the byte; of the database that it is there. */
export function filesOf(zoneHome: string): readonly (readonly [string, string])[] {
  return [...picture(zoneHome)].filter(([path]) => !/\.db(?:-wal|-shm)?$/u.test(path));
}

/** Everything that a command may not change when it refuses. */
export async function stateOf(zoneHome: string): Promise<string> {
  const events = existsSync(join(zoneHome, 'zone.db')) ? await eventCount(zoneHome) : 'none';
  return JSON.stringify([filesOf(zoneHome), events]);
}
