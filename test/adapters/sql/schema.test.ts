import { lstatSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import type { Migration } from '../../../src/adapters/sql/migration.js';
import { MIGRATIONS } from '../../../src/adapters/sql/migrations.js';
import { openForReading } from '../../../src/adapters/sql/open-connection.js';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { stepOf } from '../../../src/adapters/sql/schema.js';
import { SCHEMA_STEPS } from '../../../src/adapters/sql/schema-steps.js';
import { schemaVersion } from '../../../src/adapters/sql/schema-version.js';
import { readAll } from '../../support/zone-store-subject.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { entry, WHOLE_ZONE } from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

let home: string;
let file: string;

beforeEach(async () => {
  home = temporaryFolder();
  file = join(home, 'zone.db');
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), WHOLE_ZONE);
  store.close();
});

describe('the schema', () => {
  const known = MIGRATIONS.length;
  const second: Migration = {
    version: known + 1,
    name: 'notes',
    statements: ({ text, tableSuffix }) => [
      `CREATE TABLE notes (note ${text} NOT NULL)${tableSuffix}`,
      `INSERT INTO notes (note) VALUES ('made')`,
    ],
  };
  const schemaOf = (migrations: readonly Migration[]) => ({
    steps: migrations.map(stepOf),
    migrations: () => Promise.resolve(migrations),
  });
  const both = schemaOf([...MIGRATIONS, second]);

  test('has the steps that its migrations make, which never change', () => {
    expect(SCHEMA_STEPS).toEqual(MIGRATIONS.map(stepOf));
  });

  test('of an older zmint is copied, then brought up, with nothing lost', async () => {
    const before = await openZoneReader(home);
    const rows = await readAll(before);
    before.close();
    const store = await openZoneStore(home, WRITER, both);
    expect(await readAll(store)).toEqual(rows);
    store.close();
    const connection = openForReading(file);
    expect(schemaVersion(connection, both.steps)).toBe(known + 1);
    expect(connection.all('SELECT note FROM notes')).toEqual([['made']]);
    connection.close();

    const backups = readdirSync(join(home, 'backups'));
    expect(backups).toEqual([`zone-schema-${known}-20261121T052619Z.db`]);
    const copy = join(home, 'backups', backups[0] ?? '');
    expect(lstatSync(copy).mode & 0o777).toBe(0o600);
    const restored = temporaryFolder();
    renameSync(copy, join(restored, 'zone.db'));
    const reader = await openZoneReader(restored);
    expect(await readAll(reader)).toEqual(rows);
    expect(await reader.damage()).toEqual([]);
    reader.close();
    const again = await openZoneStore(home, WRITER, both);
    again.close();
    expect(readdirSync(join(home, 'backups'))).toEqual([]);
  });

  test('without a list of members that have left, and without counts, gets them from the rows', async () => {
    const database = new Database(file);
    database.pragma('foreign_keys = OFF');
    const made = database
      .prepare(
        "SELECT name FROM sqlite_master WHERE type = 'index' AND tbl_name = 'operation_members' AND sql LIKE '% WHERE %'",
      )
      .pluck()
      .all();
    expect(made).toHaveLength(9);
    for (const name of made) database.exec(`DROP INDEX ${String(name)}`);
    database.exec('DROP INDEX certificate_requests_open; DROP TABLE kept_lines');
    for (const name of database
      .prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'")
      .pluck()
      .all())
      database.exec(`DROP TRIGGER ${String(name)}`);
    database.exec(
      "DROP TABLE departed_members; DROP TABLE kept_counts; DELETE FROM schema_migrations WHERE version > 11; DELETE FROM members WHERE id = 'member-1'",
    );
    database.close();
    const store = await openZoneStore(home, WRITER);
    expect(await store.countParts('op-1', 'all')).toBeGreaterThan(
      await store.countParts('op-1', 'in-zone'),
    );
    const { servers, devices } = await store.counts.members();
    expect(servers + devices).toBe((await store.members()).length);
    expect(await store.damage()).toEqual([]);
    store.close();
  });

  test('of an older zmint is not read', async () => {
    await expect(openZoneReader(home, both.steps)).rejects.toMatchObject({
      code: 'damaged',
      message: `${file} has schema ${known}, from before this zmint`,
      details: { schema: known, known: known + 1 },
    });
  });

  test('of a newer zmint is neither read nor written', async () => {
    (await openZoneStore(home, WRITER, both)).close();
    const refused = {
      code: 'damaged',
      message: `${file} has schema ${known + 1}; this zmint knows schemas up to ${known}`,
      hint: 'npm install -g zmint@latest',
    };
    await expect(openZoneReader(home)).rejects.toMatchObject(refused);
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject(refused);
    await expect(createZoneStore(home, WRITER)).rejects.toMatchObject(refused);
  });

  test('step that fails leaves the schema before it, and its copy', async () => {
    const failing = { ...second, statements: () => ['CREATE TABLE notes (note TEXT)', 'NONSENSE'] };
    await expect(
      openZoneStore(home, WRITER, schemaOf([...MIGRATIONS, failing])),
    ).rejects.toMatchObject({
      code: 'damaged',
    });
    const reader = await openZoneReader(home);
    expect(await reader.damage()).toEqual([]);
    reader.close();
    expect(readdirSync(join(home, 'backups'))).toHaveLength(1);
  });

  test('whose steps are not the known ones is refused', async () => {
    const database = new Database(file);
    database.exec(`UPDATE schema_migrations SET digest = 'x'`);
    database.close();
    await expect(openZoneReader(home)).rejects.toMatchObject({
      code: 'damaged',
      message: `step 1 of the schema of ${file} is another one`,
    });
  });
});
