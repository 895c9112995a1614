import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import { ZmintError } from '../../errors.js';
import type { Instant } from '../../zone/instant.js';
import { Connection } from './connection.js';
import { SQLITE, type Migration } from './migration.js';
import { MIGRATIONS } from './migrations.js';

/** Marks the file as a zone's database (`PRAGMA application_id`): "zmnt". */
const APPLICATION_ID = 0x7a6d6e74;

const CREATE_HISTORY = `CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT`;

/**
 * The number of the last migration that was applied; 0 for a database without tables, as a crash
 * during `init` leaves it. Throws `damaged` for a file of another program, for a step that differs
 * from the known one, and for a newer schema than the known one.
 */
export function schemaVersion(connection: Connection, migrations: readonly Migration[]): number {
  const { path } = connection;
  if (connection.first("SELECT name FROM sqlite_schema WHERE type = 'table'") === undefined)
    return 0;
  if (connection.setting('application_id') !== APPLICATION_ID) {
    throw damaged(`${path} is not the database of a zone`, 'zmint doctor');
  }
  const applied = connection.all('SELECT version, digest FROM schema_migrations ORDER BY version');
  applied.forEach(([version, digest], index) => {
    const known = migrations[index];
    if (known === undefined) {
      const limit = `this zmint knows schemas up to ${migrations.length}`;
      throw damaged(
        `${path} has schema ${applied.length}; ${limit}`,
        'npm install -g zmint@latest',
      );
    }
    if (version === known.version && digest === digestOf(known)) return;
    throw damaged(`step ${known.version} of the schema of ${path} is another one`, 'zmint doctor');
  });
  return applied.length;
}

/** Applies the steps that are missing, each with its record in a transaction of its own. */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  at: Instant,
): void {
  for (const migration of migrations.slice(schemaVersion(connection, migrations))) {
    connection.transaction(() => {
      if (migration.version === 1) {
        connection.setting(`application_id = ${APPLICATION_ID}`);
        connection.run(CREATE_HISTORY);
      }
      for (const statement of migration.statements(SQLITE)) connection.run(statement);
      connection.run(
        'INSERT INTO schema_migrations (version, name, digest, applied_at) VALUES (?, ?, ?, ?)',
        [migration.version, migration.name, digestOf(migration), at],
      );
    });
  }
}

/** The tables and indexes that are not as the migrations lay them, such as one that was dropped or a trigger. */
export function findSchemaDamage(connection: Connection): readonly string[] {
  const fresh = new Connection(':memory:', new Database(':memory:'));
  try {
    migrate(fresh, MIGRATIONS, 0);
    const wanted = readSchema(fresh);
    const found = readSchema(connection);
    const names = new Set([...wanted.keys(), ...found.keys()]);
    return [...names]
      .filter((name) => wanted.get(name) !== found.get(name))
      .map((name) => `${name} is not laid out as zmint lays it`);
  } finally {
    fresh.close();
  }
}

/** What was laid by statements, by kind and name; SQLite's own tables and indexes left out. */
function readSchema(connection: Connection): ReadonlyMap<string, string> {
  const rows = connection.all('SELECT type, name, tbl_name, sql FROM sqlite_schema ORDER BY name');
  const named = rows.map((row): [string, string] => [
    `${String(row[0])} ${String(row[1])}`,
    JSON.stringify(row),
  ]);
  return new Map(named.filter(([name]) => !/^\w+ sqlite_/u.test(name)));
}

function digestOf(migration: Migration): string {
  const content = [migration.version, migration.name, ...migration.statements(SQLITE)];
  return hash('sha256', JSON.stringify(content), 'hex');
}

function damaged(message: string, hint: string): ZmintError {
  return new ZmintError('damaged', message, { hint });
}
