import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { ZoneStore } from '../../ports/zone-store.js';
import type { Seconds } from '../../zone/instant.js';
import { shellWord } from '../../zone/shell-word.js';
import type { Connection } from './connection.js';
import { copyDatabase } from './copy-database.js';
import { fileIdentity, hasDatabaseFile } from './database-file.js';
import type { Migration } from './migration.js';
import { noZone } from './no-zone.js';
import { openForWriting, requireWal } from './open-connection.js';
import { counted, databasePath, hasZone, type Counted } from './open-zone-reader.js';
import { SCHEMA_STEPS, type SchemaStep } from './schema-steps.js';
import { schemaVersion } from './schema-version.js';
import { SqlZoneStore } from './sql-zone-store.js';
import { WriterLock, type Holder } from './writer-lock.js';

/** Who is going to write: what others read while they wait, and how long it waits for others itself. */
export interface Writer extends Holder {
  readonly waitSeconds: Seconds;
  /** Called after each commit: a moment to give memory back. */
  readonly committed?: () => void;
}

/** The steps of a schema, and what lays those that are missing: seldom needed, so loaded then. */
export interface Schema {
  readonly steps: readonly SchemaStep[];
  readonly migrations: () => Promise<readonly Migration[]>;
}

const NEWEST: Schema = {
  steps: SCHEMA_STEPS,
  migrations: async () => (await import('./migrations.js')).MIGRATIONS,
};

/**
 * Opens the zone in this folder for the one writer, brought to the newest schema; before that a
 * copy is put into `backups/`. Throws `no-zone`, `damaged`, and `busy` naming who writes when the
 * lock did not come free in time.
 */
export async function openZoneStore(
  zoneHome: string,
  writer: Writer,
  schema = NEWEST,
): Promise<ZoneStore & Counted> {
  const path = databasePath(zoneHome);
  if (!hasDatabaseFile(path)) throw noZone(path);
  return lockThen(zoneHome, writer, (lock) => {
    // Looked at again: the folder may have been moved away while the lock was waited for.
    if (!hasDatabaseFile(path)) throw noZone(path);
    return openStore(path, { lock, writer }, async (connection) => {
      const version = schemaVersion(connection, schema.steps);
      if (version === 0) throw noZone(path);
      const changed = await bringUp(connection, { schema, version }, writer);
      if (!hasZone(connection)) throw noZone(path);
      return changed;
    });
  });
}

/**
 * Creates the database of a new zone, 0600, in a folder that is there, and opens it; over an `init`
 * that did not end it goes on. Throws `zone-exists`, `not-found` without the folder, `busy`.
 */
export async function createZoneStore(
  zoneHome: string,
  writer: Writer,
): Promise<ZoneStore & Counted> {
  const path = databasePath(zoneHome);
  if (lstatSync(zoneHome, { throwIfNoEntry: false }) === undefined) {
    throw new ZmintError('not-found', `there is no folder ${zoneHome}`, {
      hint: `mkdir -p -m 700 ${shellWord(zoneHome)}`,
      details: { path: zoneHome },
    });
  }
  return lockThen(zoneHome, writer, (lock) => {
    hasDatabaseFile(path);
    return openStore(path, { lock, writer }, async (connection) => {
      const version = schemaVersion(connection, NEWEST.steps);
      if (version > 0 && hasZone(connection)) {
        throw new ZmintError('zone-exists', `there is a zone in ${zoneHome} already`, {
          hint: `zmint status --zone ${shellWord(zoneHome)}`,
          details: { zoneHome },
        });
      }
      return bringUp(connection, { schema: NEWEST, version }, writer);
    });
  });
}

async function lockThen(
  zoneHome: string,
  writer: Writer,
  open: (lock: WriterLock) => Promise<ZoneStore & Counted>,
): Promise<ZoneStore & Counted> {
  const path = join(zoneHome, 'lock.db');
  const before = fileIdentity(path);
  const lock = await WriterLock.take(path, writer, writer.waitSeconds);
  try {
    if (before !== undefined && before !== fileIdentity(path)) throw movedAway(zoneHome);
    return await open(lock);
  } catch (error) {
    lock.release();
    throw error;
  }
}

/** The lock that was waited for guards a zone that a restore has set aside meanwhile. */
function movedAway(zoneHome: string): ZmintError {
  return new ZmintError('busy', `the zone in ${zoneHome} was replaced while it was waited for`, {
    hint: 'run the command again',
    details: { zoneHome },
  });
}

async function openStore(
  path: string,
  { lock, writer }: { readonly lock: WriterLock; readonly writer: Writer },
  prepare: (connection: Connection) => Promise<boolean>,
): Promise<ZoneStore & Counted> {
  const connection = openForWriting(path);
  try {
    const changed = await prepare(connection);
    return counted(new SqlZoneStore(connection, lock, writer.committed, changed), connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** From the version that it has to the newest one, by its one writer: nobody else changes it meanwhile. Returns whether it changed. */
async function bringUp(
  connection: Connection,
  { schema, version }: { readonly schema: Schema; readonly version: number },
  writer: Writer,
): Promise<boolean> {
  requireWal(connection);
  if (version === schema.steps.length) return false;
  const { migrate } = await import('./schema.js');
  const migrations = await schema.migrations();
  if (version > 0) copyDatabase(connection, version, writer.since);
  migrate(connection, migrations, writer.since);
  return true;
}
