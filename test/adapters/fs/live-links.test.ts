import { chmodSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { createLiveLinks } from '../../../src/adapters/fs/live-links.js';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

let zone = '';
let security = '';
const home = () => join(zone, 'servers/web1');

beforeEach(() => {
  zone = join(realpathSync(temporaryFolder()), 'zone');
  security = join(home(), 'security');
  mkdirSync(security, { recursive: true, mode: 0o700 });
});

function both() {
  const fs = createNodeZoneFs();
  return [createLiveLinks(fs, zone), new FileMemberHomes(fs, zone)] as const;
}

describe('the live links of a glance are those of the homes', () => {
  test.each([
    ['generations/7', 7],
    [undefined, undefined],
  ])('link %s', async (target, number) => {
    if (target !== undefined) symlinkSync(target, join(security, 'live'));
    for (const homes of both()) expect(await homes.live(home())).toBe(number);
  });

  test('a home that is not there has none', async () => {
    for (const homes of both())
      expect(await homes.live(join(zone, 'servers/web2'))).toBeUndefined();
  });

  test.each([
    [
      'a link elsewhere',
      () => {
        symlinkSync('/etc', join(security, 'live'));
      },
    ],
    [
      'no link',
      () => {
        mkdirSync(join(security, 'live'));
      },
    ],
    [
      'a folder that others can write',
      () => {
        chmodSync(security, 0o777);
      },
    ],
    [
      'a home that others can write',
      () => {
        chmodSync(home(), 0o777);
      },
    ],
  ])('%s is refused', async (_name, spoil) => {
    spoil();
    for (const homes of both())
      await expect(homes.live(home())).rejects.toMatchObject({ code: 'unsafe-path' });
  });
});
