import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createZipArchive } from '../../../src/adapters/system/zip-archive.js';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { requireTool } from '../../support/tools.js';

const hasUnzip = requireTool('unzip');
const NOON = 1_795_262_400;
const FILES = [
  { name: 'web1.csr', bytes: new TextEncoder().encode('one\n') },
  { name: 'web2.example.com.csr', bytes: new Uint8Array() },
];

describe('a ZIP file', () => {
  (hasUnzip ? test : test.skip)('is what unzip reads', () => {
    const file = join(temporaryFolder(), 'all.zip');
    writeFileSync(file, createZipArchive().zip(FILES, NOON));
    const run = (...args: readonly string[]): string =>
      execFileSync('unzip', [...args, file], { encoding: 'utf8' });
    expect(run('-t')).toContain('No errors detected');
    expect(run('-Z1').trim().split('\n')).toEqual(FILES.map(({ name }) => name));
    expect(execFileSync('unzip', ['-p', file, 'web1.csr'], { encoding: 'utf8' })).toBe('one\n');
  });

  test('is the same for the same files and instant', () => {
    const archive = createZipArchive();
    expect(archive.zip(FILES, NOON)).toEqual(archive.zip(FILES, NOON));
  });

  test.each(['a/b', '../x', '', 'a\\b'])('holds no name like %j', (name) => {
    const bytes = new Uint8Array();
    expect(() => createZipArchive().zip([{ name, bytes }], NOON)).toThrow('no name in an archive');
  });
});
