import type Database from 'better-sqlite3';
import { ZmintError } from '../../errors.js';
import type { Cell } from './column.js';
import { sqlError } from './sql-error.js';

type Prepared = Database.Statement<unknown[], unknown[]>;
type Parameter = Cell | Uint8Array;

/**
 * A connection to one SQLite file. Statements are prepared once; rows come as arrays of cells in
 * the order of the columns; every failure is a ZmintError that names the file (`sqlError`).
 */
export class Connection {
  readonly path: string;
  readonly #database: Database.Database;
  readonly #prepared = new Map<string, Prepared>();

  constructor(path: string, database: Database.Database) {
    this.path = path;
    this.#database = database;
  }

  /** Runs a statement and returns how many rows it changed. */
  run(sql: string, parameters: readonly Parameter[] = []): number {
    return this.#guard(() => this.#prepare(sql).run(...parameters).changes);
  }

  /** All rows of a query. */
  all(sql: string, parameters: readonly Parameter[] = []): readonly (readonly unknown[])[] {
    return this.#guard(() => this.#prepare(sql).all(...parameters));
  }

  /** The first row of a query, if there is one. */
  first(sql: string, parameters: readonly Parameter[] = []): readonly unknown[] | undefined {
    return this.#guard(() => this.#prepare(sql).get(...parameters));
  }

  /** The rows of a query one by one; until the last one nothing else runs on this connection. */
  *each(sql: string): Generator<readonly unknown[], void> {
    const rows = this.#guard(() => this.#prepare(sql).iterate());
    try {
      for (;;) {
        const step = this.#guard(() => rows.next());
        if (step.done === true) return;
        yield step.value;
      }
    } finally {
      rows.return?.();
    }
  }

  /** The rows of a pragma as records. */
  pragma(source: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#guard(
      () => this.#database.pragma(source) as readonly Readonly<Record<string, unknown>>[],
    );
  }

  /** The whole database in one state, as the bytes of a file. */
  serialize(): Buffer {
    return this.#guard(() => this.#database.serialize());
  }

  /** The single value that a pragma reports. */
  setting(source: string): unknown {
    return this.#guard(() => this.#database.pragma(source, { simple: true }));
  }

  /**
   * Does all of the work or none of it. It begins with the write lock, so that it cannot fail
   * half-way because another connection wrote in between.
   */
  transaction<Result>(work: () => Result): Result {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      this.rollBack();
      throw error;
    }
  }

  /** Lets all queries of the work see one state of the database. */
  snapshot<Result>(work: () => Result): Result {
    this.run('BEGIN');
    try {
      return work();
    } finally {
      // Nothing was written; and a COMMIT would fail once a query has met a damaged page.
      this.rollBack();
    }
  }

  /** Ends an open transaction without its changes; harmless when SQLite has ended it already. */
  rollBack(): void {
    try {
      if (this.#database.inTransaction) this.run('ROLLBACK');
    } catch (error) {
      // What led here says more than that it could not be undone; SQLite undoes it on the next start.
      if (!(error instanceof ZmintError)) throw error;
    }
  }

  close(): void {
    this.#prepared.clear();
    this.#guard(() => this.#database.close());
  }

  #prepare(sql: string): Prepared {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#database.prepare<unknown[], unknown[]>(sql);
    if (prepared.reader) prepared.raw();
    this.#prepared.set(sql, prepared);
    return prepared;
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work();
    } catch (error) {
      throw sqlError(error, this.path);
    }
  }
}
