import { execFileSync } from 'node:child_process';
import { chmodSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import Database from 'better-sqlite3';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openZoneReader } from '../../../src/adapters/sql/open-zone-reader.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { readAll } from '../../support/zone-store-subject.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { certificate, entry, member, WHOLE_ZONE, ZONE } from '../../support/zone-rows.js';
import { bundleChild, startChild } from './child-process.js';
import { WRITER } from './writer.js';

/** Somebody without rights: root may write in every folder, so that as root it takes another user. */
const NOBODY = 65_534;

let bundle: string;
let home: string;

beforeAll(() => {
  bundle = bundleChild();
});

beforeEach(async () => {
  home = temporaryFolder();
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), WHOLE_ZONE);
  store.close();
});

describe('a reader (I-18)', () => {
  test('works when all is idle, and leaves the database as it was', async () => {
    const before = execFileSync('sha256sum', [join(home, 'zone.db')]).toString();
    const reader = await openZoneReader(home);
    expect((await reader.zone()).name).toBe(ZONE.name);
    reader.close();
    expect(execFileSync('sha256sum', [join(home, 'zone.db')]).toString()).toBe(before);
    for (const name of readdirSync(home)) {
      expect([name, statSync(join(home, name)).mode & 0o777]).toEqual([name, 0o600]);
    }
  });

  test('neither waits for a writer in mid-transaction nor sees half of it', async () => {
    const writer = new Database(join(home, 'zone.db'));
    const seenBefore = await openZoneReader(home);
    const before = await readAll(seenBefore);
    writer.exec('BEGIN IMMEDIATE');
    writer.exec(`UPDATE members SET name = 'x' || name; DELETE FROM trust_anchors`);
    const seenAfter = await openZoneReader(home);
    expect(await readAll(seenBefore)).toEqual(before);
    expect(await readAll(seenAfter)).toEqual(before);
    expect(await seenAfter.damage()).toEqual([]);
    writer.exec('ROLLBACK');
    writer.close();
    seenBefore.close();
    seenAfter.close();
  });

  test('sees each commit of the writer, whole', async () => {
    const reader = await openZoneReader(home);
    const store = await openZoneStore(home, WRITER);
    for (let number = 10; number < 30; number += 1) {
      const changes = [
        { type: 'put-members' as const, members: [member(number)] },
        { type: 'add-certificates' as const, certificates: [certificate(number)] },
      ];
      await store.commit(entry('added'), changes);
      expect(await readAll(reader)).toEqual(await readAll(store));
    }
    store.close();
    expect(await reader.members()).toHaveLength(23);
    reader.close();
  });

  test('lets the writer write while it is open, and the log be emptied', async () => {
    const reader = await openZoneReader(home);
    const store = await openZoneStore(home, WRITER);
    await store.commit(entry('after'), []);
    const other = new Database(join(home, 'zone.db'));
    expect(other.pragma('wal_checkpoint(TRUNCATE)', { simple: true })).toBe(0);
    other.close();
    store.close();
    expect(await reader.lastEvents(1)).toMatchObject([{ what: 'after' }]);
    reader.close();
  });
});

describe('in a folder that cannot be written', () => {
  const readBy = async (folder: string): Promise<readonly [unknown, string, readonly string[]]> => {
    const asRoot = process.geteuid?.() === 0;
    if (asRoot) execFileSync('chown', ['-R', String(NOBODY), folder]);
    chmodSync(folder, 0o500);
    const child = startChild(bundle, ['read', folder], asRoot ? { uid: NOBODY } : {});
    const status = await child.ended;
    chmodSync(folder, 0o700);
    return [status, child.complaint(), child.lines()];
  };
  const whole = JSON.stringify({ zone: ZONE.name, members: 3, damage: [] });

  test('an idle zone is read', async () => {
    expect(readdirSync(home).toSorted()).toEqual(['lock.db', 'zone.db']);
    expect(await readBy(home)).toEqual([0, '', [whole]]);
    expect(readdirSync(home).toSorted()).toEqual(['lock.db', 'zone.db']);
  });

  test('what a killed writer left in the log is read', async () => {
    const copy = await copyOfLiveZone();
    expect(await readBy(copy)).toEqual([
      0,
      '',
      [JSON.stringify({ zone: 'in the log', members: 3, damage: [] })],
    ]);
  });

  test('a log without its index is refused rather than left out', async () => {
    const copy = await copyOfLiveZone();
    rmSync(join(copy, 'zone.db-shm'));
    const file = join(copy, 'zone.db');
    expect(await readBy(copy)).toEqual([1, `storage: cannot use ${file}: it cannot be opened`, []]);
  });

  async function copyOfLiveZone(): Promise<string> {
    const store = await openZoneStore(home, WRITER);
    const zone = { ...ZONE, name: 'in the log' };
    await store.commit(entry('renamed'), [{ type: 'put-zone', zone }]);
    const copy = temporaryFolder();
    // By another process: closing a descriptor here would drop SQLite's locks.
    execFileSync('cp', ['-p', ...['', '-wal', '-shm'].map((end) => `${home}/zone.db${end}`), copy]);
    store.close();
    return copy;
  }
});
