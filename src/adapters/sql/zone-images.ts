import { join } from 'node:path';
import Database from 'better-sqlite3';
import { ZmintError } from '../../errors.js';
import type { ZoneImages } from '../../ports/zone-places.js';
import type { ZoneReader } from '../../ports/zone-store.js';
import { Connection } from './connection.js';
import { emptyLock } from './empty-lock.js';
import { MIGRATIONS } from './migrations.js';
import { openForReading } from './open-connection.js';
import { readReservations } from './read-reservations.js';
import { openZoneReader } from './open-zone-reader.js';
import { openZoneStore, type Writer } from './open-zone-store.js';
import { migrate } from './schema.js';
import { SCHEMA_STEPS } from './schema-steps.js';
import { schemaVersion } from './schema-version.js';
import { SqlZoneReader } from './sql-zone-reader.js';
import { WriterLock } from './writer-lock.js';

/** Where the header says how the file is written: 1 is without a log, which alone a copy in memory can have. */
const FORMAT_OCTETS = [18, 19] as const;

/** Databases of zones as files and as bytes; `writer` is told to those that find a zone busy. */
export function createZoneImages(writer: Writer): ZoneImages {
  return {
    copy: (zoneHome) =>
      answer(() => {
        const connection = openForReading(join(zoneHome, 'zone.db'));
        try {
          const image = connection.serialize();
          for (const octet of FORMAT_OCTETS) image[octet] = 1;
          return image;
        } finally {
          connection.close();
        }
      }),
    open: (image, name) => answer(() => openImage(image, name, writer)),
    openReader: (zoneHome) => openZoneReader(zoneHome),
    openStore: (zoneHome) => openZoneStore(zoneHome, writer),
    reservations: (zoneHome) => readReservations(join(zoneHome, 'zone.db')),
    lock: async (zoneHome) => {
      const lock = await takeAnyway(join(zoneHome, 'lock.db'), writer);
      return {
        close: () => {
          lock.release();
        },
      };
    },
  };
}

/** What is in the file of the lock counts for nothing: a damaged one is emptied, and locked as ever. */
async function takeAnyway(path: string, writer: Writer): Promise<WriterLock> {
  try {
    return await WriterLock.take(path, writer, writer.waitSeconds);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'damaged') throw error;
    emptyLock(path);
    return WriterLock.take(path, writer, writer.waitSeconds);
  }
}

function openImage(image: Uint8Array, name: string, writer: Writer): ZoneReader {
  const path = `${name}: zone.db`;
  const connection = new Connection(path, open(image, path));
  try {
    if (schemaVersion(connection, SCHEMA_STEPS) === 0) throw damaged(path, 'is empty');
    migrate(connection, MIGRATIONS, writer.since);
    return new SqlZoneReader(connection);
  } catch (error) {
    connection.close();
    throw error;
  }
}

function open(image: Uint8Array, path: string): Database.Database {
  try {
    return new Database(Buffer.from(image));
  } catch (error) {
    throw damaged(path, 'is no database', error);
  }
}

function damaged(path: string, fact: string, cause?: unknown): ZmintError {
  return new ZmintError('damaged', `${path} ${fact}`, { hint: 'take an earlier backup', cause });
}

/** SQLite answers at once; what it throws becomes the promise's. */
function answer<Result>(work: () => Result): Promise<Result> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
