import { cpSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { onSmallDisk, requireRoot } from '../support/privileged.js';
import { backUp, pictureOf, restore } from '../support/test-custody.js';
import { temporaryFolder } from '../support/temporary-folder.js';
import { makeTestZone, NOON } from '../support/test-zone.js';

const whenRoot = requireRoot() ? test : test.skip;

let origin = '';
let backup = '';

beforeAll(async () => {
  origin = join(temporaryFolder(), 'zone');
  await makeTestZone({ zoneHome: origin, now: NOON });
  backup = join(temporaryFolder(), 'zone.age');
  await backUp({ zoneHome: origin, now: NOON }, backup);
});

function fails(zoneHome: string, disk: string): Promise<void> {
  return expect(restore(NOON, { zoneHome, path: backup })).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringContaining('the disk is full'),
    hint: `df -h ${disk}; findmnt -T ${disk}`,
  });
}

whenRoot.each([40, 200, 300])(
  'a restore into a place with %i KiB leaves nothing there (I-17)',
  async (kibibytes) => {
    await onSmallDisk(kibibytes, async (disk) => {
      await fails(join(disk, 'zone'), disk);
      expect(readdirSync(disk)).toEqual([]);
    });
  },
);

whenRoot('a restore over a zone leaves that as it was (I-17)', async () => {
  await onSmallDisk(800, async (disk) => {
    const zoneHome = join(disk, 'zone');
    cpSync(origin, zoneHome, { recursive: true, verbatimSymlinks: true });
    const before = pictureOf(zoneHome);
    await fails(zoneHome, disk);
    expect(readdirSync(disk)).toEqual(['zone']);
    expect(pictureOf(zoneHome)).toEqual(before);
  });
});
