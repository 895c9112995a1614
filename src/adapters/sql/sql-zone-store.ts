import { ZmintError } from '../../errors.js';
import type { ZoneStore } from '../../ports/zone-store.js';
import type { AuditEntry } from '../../zone/audit-event.js';
import type { Change, ChangeStream } from '../../zone/change.js';
import { appendEvent } from './append-event.js';
import { applyChange } from './apply-change.js';
import type { Connection } from './connection.js';
import { keepLines } from './kept-lines.js';
import { SqlZoneReader } from './sql-zone-reader.js';
import type { WriterLock } from './writer-lock.js';

/** The zone's database on SQLite for the one writer; holds the writer's lock until it is closed. */
export class SqlZoneStore extends SqlZoneReader implements ZoneStore {
  readonly #lock: WriterLock;
  readonly #committed: () => void;
  #failed = false;
  #changed: boolean;

  /**
   * @param committed - called after each commit that returned
   * @param changed - whether the database was changed before, such as by a new schema
   */
  constructor(
    connection: Connection,
    lock: WriterLock,
    committed: () => void = () => undefined,
    changed = false,
  ) {
    super(connection);
    this.#lock = lock;
    this.#committed = committed;
    this.#changed = changed;
  }

  async commit(entry: AuditEntry, changes: readonly Change[] | ChangeStream): Promise<void> {
    if (this.#failed) {
      throw new ZmintError('storage', `${this.connection.path} refused an earlier write`, {
        hint: 'run the command again',
        details: { file: this.connection.path },
      });
    }
    try {
      if (Array.isArray(changes)) this.#apply(entry, changes as readonly Change[]);
      else await this.#applyStream(entry, changes as ChangeStream);
      this.#changed = true;
      this.#committed();
    } catch (error) {
      // After a failed write or sync the descriptor is not used again for either (I-17).
      this.#failed = isInputOutput(error);
      throw error;
    }
  }

  /** Lines of lists are kept again before it ends: whatever becomes of that, what was committed stays so. */
  override close(): void {
    try {
      if (this.#changed && !this.#failed) keepLinesIfPossible(this.connection);
      super.close();
    } finally {
      this.#lock.release();
    }
  }

  #apply(entry: AuditEntry, changes: readonly Change[]): void {
    this.connection.transaction(() => {
      for (const change of changes) applyChange(this.connection, change);
      appendEvent(this.connection, entry);
    });
  }

  async #applyStream(entry: AuditEntry, changes: ChangeStream): Promise<void> {
    this.connection.run('BEGIN IMMEDIATE');
    try {
      for await (const change of changes) applyChange(this.connection, change);
      appendEvent(this.connection, entry);
      this.connection.run('COMMIT');
    } catch (error) {
      this.connection.rollBack();
      throw error;
    }
  }
}

/** A list that finds none makes its lines of the rows; on a full disk, or over a damaged row, none are kept. */
function keepLinesIfPossible(connection: Connection): void {
  try {
    keepLines(connection);
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
  }
}

function isInputOutput(error: unknown): boolean {
  if (!(error instanceof ZmintError)) return false;
  const code = error.details.sqlite;
  return typeof code === 'string' && code.startsWith('SQLITE_IOERR');
}
