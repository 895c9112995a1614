import { execFileSync } from 'node:child_process';
import { copyFileSync, lstatSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { findWriter } from '../../../src/adapters/sql/find-writer.js';
import { createZoneStore, openZoneStore } from '../../../src/adapters/sql/open-zone-store.js';
import { createZoneImages } from '../../../src/adapters/sql/zone-images.js';
import { ZmintError } from '../../../src/errors.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { waitUntil } from '../../support/wait-until.js';
import { entry, WHOLE_ZONE } from '../../support/zone-rows.js';
import { bundleChild, startChild, type Child } from './child-process.js';
import { WRITER } from './writer.js';

let bundle: string;
let home: string;
let path: string;
/** What is in it when all is well. */
let sound: Buffer;

beforeAll(() => {
  bundle = bundleChild();
});

beforeEach(async () => {
  home = temporaryFolder();
  path = join(home, 'lock.db');
  const store = await createZoneStore(home, WRITER);
  await store.commit(entry('zone-created'), WHOLE_ZONE);
  store.close();
  sound = readFileSync(path);
});

/** Over the same file, as a careless hand or a bad disk does it. */
const DAMAGES: readonly (readonly [what: string, damage: () => void])[] = [
  [
    'garbage',
    () => {
      writeFileSync(path, 'no database'.repeat(1000));
    },
  ],
  [
    'a few words',
    () => {
      writeFileSync(path, 'no database'.repeat(60));
    },
  ],
  [
    'zeros',
    () => {
      writeFileSync(path, new Uint8Array(16_384));
    },
  ],
  [
    'a page that is altered',
    () => {
      writeFileSync(path, Buffer.from(sound).fill(0xff, 100, 104));
    },
  ],
  [
    'half of it',
    () => {
      writeFileSync(path, sound.subarray(0, 3000));
    },
  ],
  [
    'a database of something else',
    () => {
      copyFileSync(join(home, 'zone.db'), path);
    },
  ],
];

async function holder(): Promise<Child> {
  const child = startChild(bundle, ['hold', home]);
  await waitUntil('the child holds the lock', () => child.lines().includes('held'));
  return child;
}

async function refusal(work: () => unknown): Promise<ZmintError> {
  try {
    await work();
  } catch (error) {
    if (error instanceof ZmintError) return error;
    throw error;
  }
  throw new Error('it was not refused');
}

const images = createZoneImages(WRITER);

describe.each(DAMAGES)('a lock file that holds %s', (_what, damage) => {
  test('is named with what mends it, also while somebody holds it', async () => {
    const child = await holder();
    damage();
    let hint = '';
    for (const look of [() => openZoneStore(home, WRITER), () => findWriter(home)]) {
      const error = await refusal(look);
      expect(error).toMatchObject({ code: 'damaged', hint: `truncate -s 0 ${path}` });
      expect(error.message).toContain(path);
      hint = error.hint ?? '';
    }
    execFileSync('/bin/sh', ['-c', hint]);
    expect((await refusal(() => openZoneStore(home, WRITER))).code).toBe('busy');
    expect((await refusal(() => findWriter(home))).code).toBe('busy');
    child.process.kill('SIGKILL');
    await child.ended;
    (await openZoneStore(home, WRITER)).close();
    expect(findWriter(home)).toBeUndefined();
  });

  test('keeps a restore out as long as somebody holds it, and no longer (I-18)', async () => {
    const child = await holder();
    damage();
    const { ino } = lstatSync(path);
    expect((await refusal(() => images.lock(home))).code).toBe('busy');
    child.process.kill('SIGKILL');
    await child.ended;
    damage();
    const lock = await images.lock(home);
    const other = startChild(bundle, ['add', home, '1']);
    await waitUntil('the lock is seen', () => findWriter(home)?.pid === process.pid);
    expect(lstatSync(path).ino).toBe(ino);
    lock.close();
    await other.ended;
    (await openZoneStore(home, WRITER)).close();
  });
});
