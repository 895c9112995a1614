import { hash } from 'node:crypto';
import Database from 'better-sqlite3';
import type { Instant } from '../../zone/instant.js';
import { Connection } from './connection.js';
import { SQLITE, type Migration } from './migration.js';
import { MIGRATIONS } from './migrations.js';
import type { SchemaStep } from './schema-steps.js';
import { APPLICATION_ID, schemaVersion } from './schema-version.js';

const CREATE_HISTORY = `CREATE TABLE schema_migrations (
  version INTEGER PRIMARY KEY, name TEXT NOT NULL, digest TEXT NOT NULL, applied_at INTEGER NOT NULL
) STRICT`;

/** Applies the steps that are missing, each with its record in a transaction of its own. */
export function migrate(
  connection: Connection,
  migrations: readonly Migration[],
  at: Instant,
): void {
  const version = schemaVersion(connection, migrations.map(stepOf));
  for (const migration of migrations.slice(version)) {
    connection.transaction(() => {
      if (migration.version === 1) {
        connection.setting(`application_id = ${APPLICATION_ID}`);
        connection.run(CREATE_HISTORY);
      }
      for (const statement of migration.statements(SQLITE)) connection.run(statement);
      connection.run(
        'INSERT INTO schema_migrations (version, name, digest, applied_at) VALUES (?, ?, ?, ?)',
        [migration.version, migration.name, stepOf(migration).digest, at],
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

/** What the database records of a migration: the digest is that of its number, name and statements. */
export function stepOf(migration: Migration): SchemaStep {
  const { version, name } = migration;
  const content = [version, name, ...migration.statements(SQLITE)];
  return { version, digest: hash('sha256', JSON.stringify(content), 'hex') };
}
