import {
  chmodSync,
  chownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  renameSync,
  symlinkSync,
  watch,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { openForReading, openForWriting } from '../../../src/adapters/sql/open-connection.js';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { entry, reservation, WHOLE_ZONE, ZONE } from '../../support/zone-rows.js';
import { WRITER } from './writer.js';

let home: string;
let file: string;

beforeEach(() => {
  home = temporaryFolder();
  file = join(home, 'zone.db');
});

async function makeZone(): Promise<void> {
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), WHOLE_ZONE);
  store.close();
}

function alter(sql: string): void {
  const database = new Database(file);
  database.exec(sql);
  database.close();
}

const noZone = {
  code: 'no-zone',
  hint: expect.stringMatching(/^zmint init --zone \/\S+ --name NAME --server NAME --dns FQDN$/u),
};

describe('a folder without a zone', () => {
  test('is said to be one, and nothing is written to it', async () => {
    await expect(openZoneReader(home)).rejects.toMatchObject(noZone);
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject(noZone);
    expect(readdirSync(home)).toEqual([]);
  });

  test('that is not even there cannot be made one', async () => {
    const gone = join(home, 'gone');
    await expect(openZoneReader(gone)).rejects.toMatchObject({ code: 'no-zone' });
    await expect(createZoneStore(gone, WRITER)).rejects.toMatchObject({
      code: 'not-found',
      hint: `mkdir -p -m 700 ${gone}`,
    });
  });
});

describe('createZoneStore', () => {
  test('refuses a zone that is there and leaves it as it is', async () => {
    await makeZone();
    await expect(createZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'zone-exists' });
    const store = await openZoneStore(home, WRITER);
    expect(await store.zone()).toEqual(ZONE);
    store.close();
  });

  test.each([
    [
      'before SQLite wrote anything',
      () => {
        writeFileSync(file, '', { mode: 0o600 });
      },
    ],
    [
      'after the tables were laid',
      async () => {
        (await createZoneStore(home, WRITER)).close();
      },
    ],
    [
      'after a serial number was taken',
      async () => {
        const store = await createZoneStore(home, WRITER);
        await store.commit(entry(), [{ type: 'reserve-serials', serials: [reservation('99')] }]);
        store.close();
      },
    ],
  ] as readonly (readonly [string, () => void | Promise<void>])[])(
    'goes on after an init that ended %s',
    async (_, begin) => {
      await begin();
      await expect(openZoneReader(home)).rejects.toMatchObject(noZone);
      await expect(openZoneStore(home, WRITER)).rejects.toMatchObject(noZone);
      await makeZone();
      const reader = await openZoneReader(home);
      expect(await reader.zone()).toEqual(ZONE);
      expect(await reader.damage()).toEqual([]);
      reader.close();
    },
  );

  test('makes every file 0600 from its first instant, whatever the umask', async () => {
    const modes = new Set<string>();
    const see = (name: string): void => {
      const facts = lstatSync(join(home, name), { throwIfNoEntry: false });
      if (facts !== undefined) modes.add(`${name} ${(facts.mode & 0o777).toString(8)}`);
    };
    const before = process.umask(0);
    const watcher = watch(home, (_, name) => {
      see(name ?? '');
    });
    try {
      const store = await createZoneStore(home, WRITER);
      await store.commit(entry('zone-created'), WHOLE_ZONE);
      readdirSync(home).forEach(see);
      store.close();
      expect(process.umask(0)).toBe(0);
    } finally {
      watcher.close();
      process.umask(before);
    }
    expect([...modes].toSorted()).toEqual([
      'lock.db 600',
      'zone.db 600',
      'zone.db-shm 600',
      'zone.db-wal 600',
    ]);
  });
});

describe('every connection', () => {
  test('has synchronous=FULL and its guards, also when reopened', async () => {
    await makeZone();
    for (const open of [openForWriting, openForReading, openForWriting]) {
      const connection = open(file);
      const names = ['synchronous', 'foreign_keys', 'trusted_schema', 'cell_size_check'];
      expect(names.map((name) => connection.setting(name))).toEqual([2, 1, 0, 1]);
      expect(connection.setting('journal_mode')).toBe('wal');
      expect(connection.setting('page_size')).toBe(8192);
      connection.close();
    }
  });

  test('for writing has the write lock before it reads, so that no commit fails half-way', async () => {
    await makeZone();
    const connection = openForWriting(file);
    const other = new Database(file, { timeout: 0 });
    connection.transaction(() => {
      expect(() => other.exec('BEGIN IMMEDIATE')).toThrow('database is locked');
    });
    other.exec('BEGIN IMMEDIATE');
    other.close();
    connection.close();
  });

  test('for reading cannot write', async () => {
    await makeZone();
    const connection = openForReading(file);
    expect(() => connection.run('DELETE FROM members')).toThrow(
      expect.objectContaining({ code: 'storage' }),
    );
    connection.close();
  });
});

describe('a database that is not safe to use is refused:', () => {
  test('a symbolic link', async () => {
    await makeZone();
    renameSync(file, join(home, 'elsewhere.db'));
    symlinkSync('elsewhere.db', file);
    await expect(openZoneReader(home)).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'unsafe-path' });
    await expect(createZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  test('a folder of that name', async () => {
    mkdirSync(file);
    await expect(createZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  test.each([0o640, 0o604, 0o620])('a file of mode %i', async (mode) => {
    await makeZone();
    chmodSync(file, mode);
    const refused = { code: 'unsafe-path', hint: `chmod 600 ${file}` };
    await expect(openZoneReader(home)).rejects.toMatchObject(refused);
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject(refused);
  });

  test('a lock that leads elsewhere', async () => {
    await makeZone();
    renameSync(join(home, 'lock.db'), join(home, 'elsewhere'));
    symlinkSync('elsewhere', join(home, 'lock.db'));
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  // Only root can give a file away.
  (process.geteuid?.() === 0 ? test : test.skip)('the file of another user', async () => {
    await makeZone();
    chownSync(file, 65_534, 65_534);
    await expect(openZoneReader(home)).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  test.each([
    [
      'text',
      (): void => {
        writeFileSync(file, 'text '.repeat(10_000), { mode: 0o600 });
      },
    ],
    [
      'another program’s database',
      (): void => {
        alter('CREATE TABLE t (a)');
        chmodSync(file, 0o600);
      },
    ],
  ])('%s, which stays as it is', async (_, make) => {
    make();
    const { size, mtimeMs } = lstatSync(file);
    await expect(openZoneReader(home)).rejects.toMatchObject({ code: 'damaged' });
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'damaged' });
    await expect(createZoneStore(home, WRITER)).rejects.toMatchObject({ code: 'damaged' });
    expect(lstatSync(file)).toMatchObject({ size, mtimeMs });
  });

  test('one whose lock is damaged', async () => {
    await makeZone();
    writeFileSync(join(home, 'lock.db'), 'no database'.repeat(1000));
    await expect(openZoneStore(home, WRITER)).rejects.toMatchObject({
      code: 'damaged',
      message: `cannot use ${join(home, 'lock.db')}: it is not a database; all that it holds is who is writing`,
      hint: `truncate -s 0 ${join(home, 'lock.db')}`,
    });
    (await openZoneReader(home)).close();
  });
});

test('a full disk is told, and what did not fit is undone', async () => {
  await makeZone();
  const connection = openForWriting(file);
  connection.setting(`max_page_count = ${Number(connection.setting('page_count')) + 2}`);
  const fill = (): void => {
    connection.transaction(() => {
      connection.run(`INSERT INTO certificate_der (fingerprint, der) VALUES ('x', ?)`, [
        new Uint8Array(100_000),
      ]);
    });
  };
  expect(fill).toThrow(
    expect.objectContaining({ code: 'storage', message: `cannot use ${file}: the disk is full` }),
  );
  connection.close();
  const reader = await openZoneReader(home);
  expect(await reader.damage()).toEqual([]);
  reader.close();
});
