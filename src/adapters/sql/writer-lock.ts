import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ZmintError } from '../../errors.js';
import { renderInstant, type Instant, type Seconds } from '../../zone/instant.js';
import { shellWord } from '../../zone/shell-word.js';
import type { Connection } from './connection.js';
import { hasDatabaseFile } from './database-file.js';
import { openLock } from './open-connection.js';

/** Who holds the writer's lock. */
export interface Holder {
  readonly command: string;
  readonly pid: number;
  readonly since: Instant;
}

/** Between two attempts, in milliseconds. */
const POLL = 20;

/** For the readers of the holder's row to be gone, in milliseconds. */
const COMMIT_TIMEOUT = 2000;

const CREATE = `CREATE TABLE IF NOT EXISTS holder (
  slot INTEGER PRIMARY KEY, token TEXT NOT NULL, command TEXT NOT NULL,
  pid INTEGER NOT NULL, since INTEGER NOT NULL
) STRICT`;

const PUT = `INSERT INTO holder (slot, token, command, pid, since) VALUES (1, ?, ?, ?, ?)
  ON CONFLICT (slot) DO UPDATE SET token = excluded.token, command = excluded.command,
  pid = excluded.pid, since = excluded.since`;

/**
 * The right to write to a zone (I-18): an open write transaction on `lock.db`. The kernel drops it
 * with the process; others can read meanwhile who holds it.
 */
export class WriterLock {
  readonly #connection: Connection;

  private constructor(connection: Connection) {
    this.#connection = connection;
  }

  /**
   * Takes the lock, waiting up to so many seconds without blocking the event loop. Throws `busy`
   * with the holder's command, process id and start, and `damaged` for a file that is none of a lock:
   * its hint empties the file, which takes the lock from nobody.
   */
  static async take(path: string, holder: Holder, waitSeconds: Seconds): Promise<WriterLock> {
    const giveUp = performance.now() + waitSeconds * 1000;
    hasDatabaseFile(path);
    const connection = openSound(path);
    try {
      const token = randomUUID();
      let other: Holder | undefined;
      while (!attempt(connection, holder, token)) {
        other = findHolder(connection) ?? other;
        const left = giveUp - performance.now();
        if (left <= 0) throw busy(path, other);
        await pause(Math.min(POLL, left));
      }
      return new WriterLock(connection);
    } catch (error) {
      connection.close();
      throw mendable(error, path);
    }
  }

  /**
   * Who holds the lock now, without waiting; undefined: nobody. Throws `busy` when somebody does
   * who cannot be named at this moment; `damaged` as `take` does.
   */
  static findHolder(path: string): Holder | undefined {
    if (!hasDatabaseFile(path)) return undefined;
    const connection = openSound(path);
    try {
      if (unlessBusy(() => connection.run('BEGIN IMMEDIATE')) !== undefined) {
        connection.rollBack();
        return undefined;
      }
      const holder = findHolder(connection);
      if (holder === undefined) throw busy(path, undefined);
      return holder;
    } catch (error) {
      throw mendable(error, path);
    } finally {
      connection.close();
    }
  }

  /** Lets the next writer in; harmless when repeated. */
  release(): void {
    this.#connection.close();
  }
}

/** A file that keeps a log, as the database does, would be locked in other places than this one. */
function openSound(path: string): Connection {
  let connection: Connection | undefined;
  try {
    const opened = (connection = openLock(path));
    const mode = unlessBusy(() => opened.setting('journal_mode'));
    if (mode === undefined || mode === 'delete') return opened;
    throw new ZmintError('damaged', `cannot use ${path}: it is not a lock of zmint`);
  } catch (error) {
    connection?.close();
    throw mendable(error, path);
  }
}

/** Removing the file would let a second writer in: whoever holds the old one would not be seen. */
function mendable(error: unknown, path: string): unknown {
  if (!(error instanceof ZmintError) || error.code !== 'damaged') return error;
  return new ZmintError('damaged', `${error.message}; all that it holds is who is writing`, {
    hint: `truncate -s 0 ${shellWord(path)}`,
    details: { ...error.details, file: path },
    cause: error,
  });
}

/**
 * Others see who holds the lock only once that is committed, and a commit lets go of the lock. So
 * it is taken twice: the second time it is kept, if the row still names this process.
 */
function attempt(connection: Connection, holder: Holder, token: string): boolean {
  while (unlessBusy(() => connection.run('BEGIN IMMEDIATE')) !== undefined) {
    if (readToken(connection) === token) return true;
    connection.run(CREATE);
    connection.run(PUT, [token, holder.command, holder.pid, holder.since]);
    if (!commit(connection)) return false;
  }
  return false;
}

function commit(connection: Connection): boolean {
  connection.setting(`busy_timeout = ${COMMIT_TIMEOUT}`);
  const done = unlessBusy(() => connection.run('COMMIT')) !== undefined;
  if (!done) connection.rollBack();
  connection.setting('busy_timeout = 0');
  return done;
}

function readToken(connection: Connection): unknown {
  const laid = connection.first("SELECT 1 FROM sqlite_schema WHERE name = 'holder'") !== undefined;
  return laid ? connection.first('SELECT token FROM holder')?.[0] : undefined;
}

function findHolder(connection: Connection): Holder | undefined {
  const row = unlessBusy(() => {
    if (readToken(connection) === undefined) return undefined;
    return connection.first('SELECT command, pid, since FROM holder');
  });
  const [command, pid, since] = row ?? [];
  if (typeof command !== 'string' || typeof pid !== 'number') return undefined;
  return isInstant(since) ? { command, pid, since } : undefined;
}

/** What a date can show; the row is only information and may be anything. */
function isInstant(since: unknown): since is Instant {
  return typeof since === 'number' && since >= 0 && since <= 253_402_300_799;
}

function unlessBusy<Result>(work: () => Result): Result | undefined {
  try {
    return work();
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'busy') return undefined;
    throw error;
  }
}

function busy(path: string, holder: Holder | undefined): ZmintError {
  if (holder === undefined) {
    return new ZmintError('busy', 'another zmint is writing to this zone', {
      hint: 'run the command again when it has ended',
      details: { file: path },
    });
  }
  const since = renderInstant(holder.since);
  return new ZmintError(
    'busy',
    `zmint ${holder.command} is writing to this zone: process ${holder.pid}, since ${since}`,
    {
      hint: `run the command again when it has ended, or look at it with: ps -p ${holder.pid}`,
      details: { command: holder.command, pid: holder.pid, since, file: path },
    },
  );
}
