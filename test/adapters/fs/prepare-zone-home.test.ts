import { chmodSync, chownSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { describe, expect, test } from '@jest/globals';
import { prepareZoneHome } from '../../../src/adapters/fs/prepare-zone-home.js';
import { createNodeZoneFs } from '../../../src/adapters/fs/zone-fs.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { snapshot } from './fresh-zone.js';

const fs = createNodeZoneFs();
const FOLDERS = ['backups 700', 'servers 700', 'truststore 700', 'updates 700'];

describe('preparing a zone home', () => {
  test('makes it and its folders 0700, with all above that are missing', () => {
    const before = process.umask(0);
    const home = join(temporaryFolder(), 'var', 'opt', 'zone');
    try {
      prepareZoneHome(fs, home);
      prepareZoneHome(fs, home);
    } finally {
      process.umask(before);
    }
    expect(snapshot(home)).toEqual(FOLDERS);
    for (const folder of [home, join(home, '..'), join(home, '..', '..')]) {
      expect(lstatSync(folder).mode & 0o7777).toBe(0o700);
    }
  });

  test('takes a home that is a link of the own user', () => {
    const folder = temporaryFolder();
    mkdirSync(join(folder, 'data'), { mode: 0o700 });
    symlinkSync('data', join(folder, 'zone'));
    prepareZoneHome(fs, join(folder, 'zone'));
    expect(snapshot(join(folder, 'data'))).toEqual(FOLDERS);
  });

  const hostile: readonly (readonly [string, (folder: string) => void, string])[] = [
    [
      'is open to others',
      (zone) => {
        mkdirSync(zone);
        chmodSync(zone, 0o755);
      },
      'chmod 700',
    ],
    [
      'is a link to what is open',
      (zone) => {
        mkdirSync(`${zone}-data`);
        chmodSync(`${zone}-data`, 0o755);
        symlinkSync(`${zone}-data`, zone);
      },
      'chmod 700',
    ],
    [
      'has a folder that is open',
      (zone) => {
        mkdirSync(zone, { mode: 0o700 });
        mkdirSync(join(zone, 'servers'));
        chmodSync(join(zone, 'servers'), 0o750);
      },
      'chmod 700',
    ],
    [
      'has a link for a folder',
      (zone) => {
        mkdirSync(zone, { mode: 0o700 });
        symlinkSync('/tmp', join(zone, 'servers'));
      },
      'ls -ld',
    ],
    [
      'is a file',
      (zone) => {
        writeFileSync(zone, '');
      },
      'ls -ld',
    ],
    [
      'is a link to nowhere',
      (zone) => {
        symlinkSync('nowhere', zone);
      },
      'ls -ld',
    ],
    [
      'lies where others can write',
      (zone) => {
        chmodSync(join(zone, '..'), 0o770);
      },
      'chmod go-w',
    ],
  ];

  test.each(hostile)('refuses a home that %s', (_, arrange, hint) => {
    const zone = join(temporaryFolder(), 'zone');
    arrange(zone);
    const before = snapshot(join(zone, '..'));
    expect(() => {
      prepareZoneHome(fs, zone);
    }).toThrow(
      expect.objectContaining({ code: 'unsafe-path', hint: expect.stringContaining(hint) }),
    );
    expect(snapshot(join(zone, '..')).filter((line) => !before.includes(line))).not.toContain(
      'zone/updates 700',
    );
  });

  test('refuses a home of another user', () => {
    if (process.geteuid?.() !== 0) {
      process.stderr.write('SKIPPED: only root can give a folder away\n');
      expect(process.env.CI ?? '').toBe('');
      return;
    }
    const zone = join(temporaryFolder(), 'zone');
    mkdirSync(zone, { mode: 0o700 });
    chownSync(zone, 65_534, 65_534);
    expect(() => {
      prepareZoneHome(fs, zone);
    }).toThrow('belongs to user 65534');
  });
});
