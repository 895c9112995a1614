import {
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { listFolder, readFile, writeFile } from '../../bin/result-files.js';
import { requirePlace } from '../../bin/result-place.js';
import { makePipe } from '../adapters/fs/make-pipe.js';
import { onSmallDisk, remount, requireRoot } from '../support/privileged.js';
import { refusalOf } from '../support/refusal-of.js';
import { temporaryFolder } from '../support/temporary-folder.js';

const whenRoot = requireRoot() ? describe : describe.skip;
const BYTES = new Uint8Array(200_000);

let folder = '';

beforeEach(() => {
  folder = temporaryFolder();
  mkdirSync(join(folder, 'there'));
  writeFileSync(join(folder, 'file'), 'x');
  makePipe(join(folder, 'pipe'));
  symlinkSync('nowhere', join(folder, 'dangling'));
});

describe('where a result may be written', () => {
  test.each([
    ['file', 'there/new'],
    ['file', 'file'],
    ['file', 'dangling'],
    ['folder', 'there'],
  ] as const)('a %s: %s', (kind, name) => {
    requirePlace(join(folder, name), kind);
    expect(readdirSync(join(folder, 'there'))).toEqual([]);
  });

  test.each([
    ['file', 'missing/new', 'the folder $/missing is not there', 'mkdir -p $/missing'],
    ['folder', 'missing', 'the folder $/missing is not there', 'mkdir -p -m 700 $/missing'],
    ['file', 'file/new', '$/file is a file, not a folder', 'ls -ld $/file'],
    ['folder', 'file', '$/file is a file, not a folder', 'ls -ld $/file'],
    ['file', 'file/a/new', '$/file/a: a part of the path is not a folder', 'ls -ld $/file'],
    ['folder', 'file/a', '$/file/a: a part of the path is not a folder', 'ls -ld $/file'],
    ['file', 'there', '$/there is a folder, not a file', 'ls -ld $/there'],
    ['file', 'pipe', '$/pipe is no regular file', 'ls -ld $/pipe'],
    ['folder', 'dangling', 'the folder $/dangling is not there', 'mkdir -p -m 700 $/dangling'],
  ] as const)('not a %s: %s', (kind, name, message, hint) => {
    const refusal = refusalOf(() => {
      requirePlace(join(folder, name), kind);
    });
    expect(refusal).toMatchObject({
      code: 'usage',
      message: message.replace('$', folder),
      hint: hint.replace('$', folder),
    });
  });

  test('a device is never replaced by a file', () => {
    expect(() => {
      writeFile('/dev/null', BYTES, 0o600);
    }).toThrow('/dev/null is no regular file');
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });
});

describe('a file that is to be read and cannot be', () => {
  test.each([
    ['missing', 'cannot read $/missing: it is not there', 'ls -ld $ $/missing'],
    ['there', '$/there is a folder, not a file', 'ls -l $/there'],
    [
      'file/a',
      'cannot read $/file/a: a part of the path is not a folder',
      'ls -ld $/file $/file/a',
    ],
  ])('%s', (name, message, hint) => {
    expect(refusalOf(() => readFile(join(folder, name), 10))).toMatchObject({
      code: 'unreadable',
      message: message.replaceAll('$', folder),
      hint: hint.replaceAll('$', folder),
    });
  });

  test('a folder that is none', () => {
    expect(refusalOf(() => listFolder(join(folder, 'file')))).toMatchObject({
      code: 'unreadable',
      message: `cannot read ${folder}/file: a part of the path is not a folder`,
    });
  });
});

whenRoot('a disk that refuses', () => {
  test('one that is read-only is seen before anything is done', async () => {
    await onSmallDisk(64, async (disk) => {
      await Promise.resolve();
      remount(disk, 'ro');
      for (const [path, kind] of [
        [join(disk, 'new'), 'file'],
        [disk, 'folder'],
      ] as const) {
        const refusal = refusalOf(() => {
          requirePlace(path, kind);
        });
        expect(refusal).toMatchObject({
          code: 'storage',
          message: `cannot write to ${path}: the file system is read-only`,
          hint: `findmnt -T ${disk}`,
        });
      }
    });
  });

  test('one that is full keeps what was there, and nothing else', async () => {
    await onSmallDisk(64, async (disk) => {
      await Promise.resolve();
      const path = join(disk, 'result');
      writeFile(path, new Uint8Array([1]), 0o600);
      const refusal = refusalOf(() => {
        writeFile(path, BYTES, 0o600);
      });
      expect(refusal).toMatchObject({
        code: 'storage',
        message: `cannot write to ${path}: the disk is full`,
        hint: `df -h ${disk}`,
      });
      expect([...readFileSync(path)]).toEqual([1]);
      expect(readdirSync(disk)).toEqual(['result']);
    });
  });
});
