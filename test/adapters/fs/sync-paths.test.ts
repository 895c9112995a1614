import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { syncPaths } from '../../../src/adapters/fs/sync-paths.js';
import { temporaryFolder } from '../../support/temporary-folder.js';

const IN_MEMORY = existsSync('/dev/shm') ? mkdtempSync('/dev/shm/zmint-sync-') : undefined;

afterAll(() => {
  if (IN_MEMORY !== undefined) rmSync(IN_MEMORY, { recursive: true });
});

/** A program in the place of sync that writes down its words, a line each call, and then does this. */
function fakeSync(then: string): {
  readonly program: string;
  readonly calls: () => string[];
} {
  const folder = temporaryFolder();
  const program = join(folder, 'sync');
  const log = join(folder, 'log');
  writeFileSync(program, `#!/bin/sh\necho "$@" >>'${log}'\n${then}\n`);
  chmodSync(program, 0o700);
  return {
    program,
    calls: () => (existsSync(log) ? readFileSync(log, 'utf8').trim().split('\n') : []),
  };
}

/** A folder with a file in a folder. */
function written(): { readonly folder: string; readonly deep: string } {
  const folder = temporaryFolder();
  const deep = join(folder, 'deep');
  mkdirSync(deep);
  writeFileSync(join(deep, 'a'), 'a');
  return { folder, deep };
}

test('one call with one place on each file system; what is gone is passed over', async () => {
  const { folder, deep } = written();
  const { program, calls } = fakeSync('exit 0');
  const elsewhere = IN_MEMORY === undefined ? [] : [IN_MEMORY];
  const folders = [join(folder, 'gone'), folder, deep, ...elsewhere];
  await syncPaths({ folders, renamed: [deep] }, program);
  expect(calls()).toEqual([['-f', folder, ...elsewhere].join(' ')]);
});

test('a second time one call for each place; a failed one is an error', async () => {
  const { folder, deep } = written();
  const { program, calls } = fakeSync('test ! -e "$2/bad" || { echo "bad: $2" >&2; exit 1; }');
  const elsewhere = IN_MEMORY === undefined ? [] : [IN_MEMORY];
  const what = { folders: [folder, ...elsewhere], renamed: [deep] };
  await syncPaths(what, program);
  await syncPaths(what, program);
  const each = [folder, ...elsewhere].map((place) => `-f ${place}`);
  expect(calls().slice(1)).toEqual(each);
  writeFileSync(join(folder, 'bad'), '');
  await expect(syncPaths(what, program)).rejects.toMatchObject({
    code: 'storage',
    message: `cannot sync ${what.folders.join(', ')}: bad: ${folder}`,
  });
  rmSync(join(folder, 'bad'));
  await expect(syncPaths(what, program)).resolves.toBeUndefined();
});

test.each([
  ['that does not know the option', 'echo "sync: unrecognized option: f" >&2; exit 1'],
  ['that is not there any more', 'rm "$0"'],
])('a sync %s, the second time: each file by itself', async (_which, then) => {
  const { folder, deep } = written();
  const { program, calls } = fakeSync(then);
  const what = { folders: [folder], renamed: [deep] };
  await syncPaths(what, program);
  await expect(syncPaths(what, program)).resolves.toBeUndefined();
  await expect(syncPaths(what, program)).resolves.toBeUndefined();
  expect(calls().length).toBeGreaterThan(0);
});

test('a place with a line end is never given to the helper as two', async () => {
  const folder = join(temporaryFolder(), 'a\nb');
  mkdirSync(folder);
  const { program, calls } = fakeSync('exit 0');
  for (let time = 0; time < 3; time += 1)
    await syncPaths({ folders: [folder], renamed: [] }, program);
  expect(calls().join('\n')).toBe(Array.from({ length: 3 }, () => `-f ${folder}`).join('\n'));
});

test('nothing is called when all of it is gone', async () => {
  const { program, calls } = fakeSync('exit 0');
  await syncPaths({ folders: [join(temporaryFolder(), 'gone')], renamed: [] }, program);
  expect(calls()).toEqual([]);
});

test.each([
  ['coreutils', 'echo "sync: invalid option -- \'f\'" >&2; exit 1'],
  ['busybox', 'echo "sync: unrecognized option: f" >&2; exit 1'],
])('a sync of %s that cannot sync one file system: each file by itself', async (_whose, then) => {
  const { folder, deep } = written();
  const { program, calls } = fakeSync(then);
  await syncPaths({ folders: [folder], renamed: [deep, '/gone'] }, program);
  expect(calls()).toHaveLength(1);
});

test('without the program each file by itself', async () => {
  const { folder, deep } = written();
  const folders = [folder, join(folder, 'gone')];
  await expect(
    syncPaths({ folders, renamed: [deep, '/gone'] }, 'no-such-sync'),
  ).resolves.toBeUndefined();
});

test('a sync that fails is an error that names the place and what it said', async () => {
  const { folder } = written();
  const { program } = fakeSync('echo "error syncing: Input/output error" >&2; exit 1');
  await expect(syncPaths({ folders: [folder], renamed: [] }, program)).rejects.toMatchObject({
    code: 'storage',
    message: `cannot sync ${folder}: error syncing: Input/output error`,
  });
});

test('the program of this system does it', async () => {
  const { folder, deep } = written();
  await expect(syncPaths({ folders: [folder], renamed: [deep] })).resolves.toBeUndefined();
});
