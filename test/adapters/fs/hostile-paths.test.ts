import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { FileMemberHomes } from '../../../src/adapters/fs/member-homes.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { snapshot } from './fresh-zone.js';
import { acts, hostile, scene } from './hostile-scenes.js';

const fs = createNodeZoneFs();
const isRoot = process.geteuid?.() === 0;

describe.each(hostile)('$what', ({ arrange, refused, hint, needsRoot }) => {
  test.each(refused)('%s refuses it and changes nothing', async (act) => {
    if (needsRoot === true && !isRoot) {
      process.stderr.write('SKIPPED: only root can give files away\n');
      expect(process.env.CI ?? '').toBe('');
      return;
    }
    const at = await scene();
    arrange(at);
    const before = snapshot(at.parent);
    await expect(acts[act]?.(at)).rejects.toMatchObject({
      code: 'unsafe-path',
      hint: expect.stringContaining(hint),
    });
    expect(snapshot(at.parent)).toEqual(before);
  });
});

describe('what is not hostile', () => {
  test('links above the zone home that belong to the own user are followed', async () => {
    const at = await scene();
    const parent = temporaryFolder();
    symlinkSync(at.parent, join(parent, 'a'));
    symlinkSync('a', join(parent, 'b'));
    const zone = join(parent, 'b', 'zone');
    const homes = new FileMemberHomes(fs, zone);
    expect((await homes.observe(join(zone, 'servers', 'web1'))).live).toBe(1);
  });

  test('a link above that leads through a folder of everybody is judged there', async () => {
    const at = await scene();
    const parent = temporaryFolder();
    mkdirSync(join(parent, 'open'));
    chmodSync(join(parent, 'open'), 0o777);
    symlinkSync(at.parent, join(parent, 'open', 'a'));
    symlinkSync('open/a', join(parent, 'b'));
    const zone = join(parent, 'b', 'zone');
    const observed = new FileMemberHomes(fs, zone).observe(join(zone, 'servers', 'web1'));
    await expect(observed).rejects.toThrow(`${parent}/open can be written by others`);
  });

  test('links that lead in a circle end', async () => {
    const parent = temporaryFolder();
    symlinkSync('b', join(parent, 'a'));
    symlinkSync('a', join(parent, 'b'));
    const zone = join(parent, 'a', 'zone');
    const observed = new FileMemberHomes(fs, zone).observe(join(zone, 'servers', 'web1'));
    await expect(observed).rejects.toMatchObject({ code: 'unsafe-path' });
  });

  test('every act works in the scene as it is', async () => {
    for (const [name, act] of Object.entries(acts)) {
      const at = await scene();
      await expect(act(at).then(() => name)).resolves.toBe(name);
    }
  });
});
