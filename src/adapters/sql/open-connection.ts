import Database from 'better-sqlite3';
import { ZmintError } from '../../errors.js';
import { Connection } from './connection.js';
import { hasContent } from './database-file.js';
import { openFrozen } from './open-frozen.js';
import { withPrivateUmask } from './private-umask.js';
import { sqlError } from './sql-error.js';

/** How long a connection waits for another one that holds a lock for a moment, in milliseconds. */
const BUSY_TIMEOUT = 2000;

/** Rows of 2 kB, as certificates are, fit one to a page of SQLite's own size. */
const PAGE_SIZE = 8192;

/** Pages that are kept in memory, in KiB: keys are random, and each batch or page touches most of an index. */
const CACHE = 8_192;
/** Pages in the log before they are copied into the file: a batch of servers is some hundreds. */
const LOG_PAGES = 4096;

/** What every connection sets, and what SQLite must then report. */
const SETTINGS: readonly (readonly [name: string, value: string, reported: number])[] = [
  ['synchronous', 'FULL', 2],
  ['foreign_keys', 'ON', 1],
  ['trusted_schema', 'OFF', 0],
  ['cell_size_check', 'ON', 1],
];

/**
 * Opens the file for writing, creating it 0600 when it is not there; every commit is synced. The
 * log is turned on by `requireWal` once the file is known to be a zone's.
 */
export function openForWriting(path: string): Connection {
  return withPrivateUmask(() => {
    const connection = connect(path, () => new Database(path, { timeout: BUSY_TIMEOUT }));
    return orClose(connection, () => {
      connection.setting(`page_size = ${PAGE_SIZE}`);
      applySettings(connection);
      connection.setting(`cache_size = -${CACHE}`);
      connection.setting(`wal_autocheckpoint = ${LOG_PAGES}`);
      return connection;
    });
  });
}

/**
 * Keeps changes in a write-ahead log from now on, so that readers and the writer do not wait for
 * each other. Throws `storage` where the file system cannot do that.
 */
export function requireWal(connection: Connection): void {
  const mode = withPrivateUmask(() => connection.setting('journal_mode = WAL'));
  if (mode === 'wal') return;
  throw new ZmintError(
    'storage',
    `the file system of ${connection.path} cannot hold a WAL database`,
    {
      hint: 'put the zone home on a local disk',
      details: { file: connection.path, journalMode: mode },
    },
  );
}

/**
 * Opens the file for reading: it never writes rows and never waits for a writer. In a folder that
 * cannot be written, SQLite cannot make the index of its log (`-shm`): there, a database whose log
 * is empty is read as it was when it was opened. Throws `storage` when the log holds something.
 */
export function openForReading(path: string): Connection {
  try {
    return readOnly(path, () => new Database(path, { readonly: true, timeout: BUSY_TIMEOUT }));
  } catch (error) {
    const refused = error instanceof ZmintError && error.code === 'storage';
    // With a log that holds something, the file alone would tell an old state.
    if (!refused || hasContent(`${path}-wal`)) throw error;
    return readOnly(path, () => openFrozen(path));
  }
}

/** Opens the small file of the writer's lock; never waits. */
export function openLock(path: string): Connection {
  return withPrivateUmask(() => {
    const connection = connect(path, () => new Database(path, { timeout: BUSY_TIMEOUT }));
    return orClose(connection, () => {
      applySettings(connection);
      connection.setting('busy_timeout = 0');
      return connection;
    });
  });
}

function readOnly(path: string, open: () => Database.Database): Connection {
  return withPrivateUmask(() => {
    const connection = connect(path, open);
    return orClose(connection, () => {
      applySettings(connection);
      connection.setting('query_only = ON');
      connection.setting(`cache_size = -${CACHE}`);
      // The first read is what opens the log.
      connection.first('SELECT count(*) FROM sqlite_schema');
      return connection;
    });
  });
}

function connect(path: string, open: () => Database.Database): Connection {
  try {
    return new Connection(path, open());
  } catch (error) {
    throw sqlError(error, path);
  }
}

function applySettings(connection: Connection): void {
  for (const [name, value, reported] of SETTINGS) {
    connection.setting(`${name} = ${value}`);
    if (connection.setting(name) === reported) continue;
    throw new ZmintError('bug', `SQLite did not take ${name} = ${value} for ${connection.path}`);
  }
}

function orClose(connection: Connection, work: () => Connection): Connection {
  try {
    return work();
  } catch (error) {
    connection.close();
    throw error;
  }
}
