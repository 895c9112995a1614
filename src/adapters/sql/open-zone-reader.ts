import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { ZoneCounts } from '../../ports/zone-counts.js';
import type { ZoneReader } from '../../ports/zone-store.js';
import type { Connection } from './connection.js';
import { hasDatabaseFile } from './database-file.js';
import { noZone } from './no-zone.js';
import { openForReading } from './open-connection.js';
import { SCHEMA_STEPS, type SchemaStep } from './schema-steps.js';
import { schemaVersion } from './schema-version.js';
import { SqlZoneReader } from './sql-zone-reader.js';
import { SqlZoneCounts } from './zone-counts.js';

/** What a zone is counted by, over the same connection. */
export interface Counted {
  readonly counts: ZoneCounts;
}

/**
 * Opens the zone in this folder for reading. Throws `no-zone` when there is none or `init` did not
 * end, `damaged` when its database is none or is older or newer than this zmint.
 */
export function openZoneReader(
  zoneHome: string,
  steps: readonly SchemaStep[] = SCHEMA_STEPS,
): Promise<ZoneReader & Counted> {
  return new Promise((resolve) => {
    const path = databasePath(zoneHome);
    if (!hasDatabaseFile(path)) throw noZone(path);
    const connection = openForReading(path);
    resolve(orClose(connection, () => currentReader(connection, steps)));
  });
}

function currentReader(connection: Connection, steps: readonly SchemaStep[]): ZoneReader & Counted {
  const version = schemaVersion(connection, steps);
  if (version === 0) throw noZone(connection.path);
  if (version < steps.length) {
    throw new ZmintError(
      'damaged',
      `${connection.path} has schema ${version}, from before this zmint`,
      {
        hint: 'zmint ssl resume',
        details: { schema: version, known: steps.length },
      },
    );
  }
  if (!hasZone(connection)) throw noZone(connection.path);
  return counted(new SqlZoneReader(connection), connection);
}

/** Where the database of a zone home is. */
export function databasePath(zoneHome: string): string {
  return join(zoneHome, 'zone.db');
}

/** The store with the counts of its connection. */
export function counted<Store extends ZoneReader>(
  store: Store,
  connection: Connection,
): Store & Counted {
  return Object.assign(store, { counts: new SqlZoneCounts(connection) });
}

/** Whether `init` has come to its end. */
export function hasZone(connection: Connection): boolean {
  return connection.first('SELECT id FROM zone') !== undefined;
}

/** Closes the connection when the work fails. */
function orClose<Result>(connection: Connection, work: () => Result): Result {
  try {
    return work();
  } catch (error) {
    connection.close();
    throw error;
  }
}
