import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { liesIn } from '../../../src/adapters/fs/lies-in.js';
import { requireRoot } from '../../support/privileged.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const whenRoot = requireRoot() ? test : test.skip;

let folder = '';

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'zone/backups'), { recursive: true });
  mkdirSync(join(folder, 'zone-2'));
  symlinkSync('zone', join(folder, 'link'));
  symlinkSync('zone/backups', join(folder, 'below'));
  symlinkSync('..', join(folder, 'zone/out'));
  symlinkSync('round', join(folder, 'round'));
});

function lies(path: string, home = 'zone'): boolean {
  return liesIn(join(folder, path), join(folder, home));
}

describe('whether a file lies in a folder', () => {
  test.each([
    ['zone/x.age', true],
    ['zone/backups/x.age', true],
    ['zone/missing/x.age', true],
    ['link/x.age', true],
    ['link/missing/deep/x.age', true],
    ['below/x.age', true],
    ['zone/backups/../x.age', true],
    ['x.age', false],
    ['zone.age', false],
    ['zone-2/x.age', false],
    ['zone/out/x.age', false],
    ['missing/x.age', false],
    ['round/x.age', false],
  ])('%s: %s', (path, expected) => {
    expect(lies(path)).toBe(expected);
    expect(lies(path, 'link')).toBe(expected);
  });

  test('nothing lies in a folder that is not there', () => {
    expect(lies('gone/x.age', 'gone')).toBe(false);
  });

  whenRoot('also through another mount of it', () => {
    const mount = join(folder, 'mount');
    mkdirSync(mount);
    execFileSync('mount', ['--bind', join(folder, 'zone/backups'), mount]);
    try {
      expect(lies('mount/x.age', 'zone/backups')).toBe(true);
    } finally {
      execFileSync('umount', [mount]);
    }
  });
});
