import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { ZmintError } from '../../errors.js';
import { renderInstant, type Instant, type Seconds } from '../../zone/instant.js';
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
   * with the holder's command, process id and start.
   */
  static async take(path: string, holder: Holder, waitSeconds: Seconds): Promise<WriterLock> {
    const giveUp = performance.now() + waitSeconds * 1000;
    hasDatabaseFile(path);
    const connection = openLock(path);
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
      throw error;
    }
  }

  /**
   * Who holds the lock now, without waiting; undefined: nobody. Throws `busy` when somebody does
   * who cannot be named at this moment.
   */
  static findHolder(path: string): Holder | undefined {
    if (!hasDatabaseFile(path)) return undefined;
    const connection = openLock(path);
    try {
      if (unlessBusy(() => connection.run('BEGIN IMMEDIATE')) !== undefined) {
        connection.rollBack();
        return undefined;
      }
      const holder = findHolder(connection);
      if (holder === undefined) throw busy(path, undefined);
      return holder;
    } finally {
      connection.close();
    }
  }

  /** Lets the next writer in; harmless when repeated. */
  release(): void {
    this.#connection.close();
  }
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
