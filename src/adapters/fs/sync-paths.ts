import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  type Stats,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ZmintError } from '../../errors.js';
import { errnoOf } from './file-error.js';

const run = promisify(execFile);
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Exit status of GNU sync for a failed sync as for wrong usage; busybox without `-f` has it too. */
const REFUSED = 1;

/**
 * Makes files, folders and what lies in them durable: one syncfs(2) for each file system that they
 * lie on, through `sync -f` of coreutils, which Node cannot call itself. Where that program is
 * missing or does not know `-f`, each file and folder is synced by itself. Paths that are gone are
 * passed over; the folders that they lay in are synced. Throws what the system threw.
 *
 * @param program - coreutils' sync, found in /usr/bin or /bin
 */
export async function syncPaths(paths: readonly string[], program = 'sync'): Promise<void> {
  const places = onePlaceEach(paths);
  if (places.length === 0) return;
  try {
    await run(program, ['-f', ...places], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
  } catch (error) {
    if (!isWithoutSyncfs(error)) throw refused(error, places);
    for (const path of paths) syncTree(path);
  }
}

/** One existing path on each file system. */
function onePlaceEach(paths: readonly string[]): readonly string[] {
  const places = new Map<number, string>();
  const seen = new Set<string>();
  for (const path of paths) {
    // Files lie on the file system of their folder; a folder may itself be a mount point.
    const folder = dirname(path);
    if (seen.has(folder)) continue;
    seen.add(folder);
    const there = existing(folder);
    const stats = lstatSync(there);
    if (!places.has(stats.dev)) places.set(stats.dev, there);
  }
  return [...places.values()];
}

function existing(path: string): string {
  return statsOf(path) === undefined ? existing(dirname(path)) : path;
}

function statsOf(path: string): Stats | undefined {
  return lstatSync(path, { throwIfNoEntry: false });
}

/** The program is not there, or says that it does not know the option; a failed sync names the file. */
function isWithoutSyncfs(error: unknown): boolean {
  if (errnoOf(error) === 'ENOENT') return true;
  const { code, stderr } = error as { readonly code?: unknown; readonly stderr?: unknown };
  return code === REFUSED && /(?:invalid|unrecognized) option/u.test(String(stderr));
}

function refused(error: unknown, places: readonly string[]): ZmintError {
  const { stderr } = error as { readonly stderr?: unknown };
  const said = typeof stderr === 'string' ? stderr.trim() : '';
  return new ZmintError('storage', `cannot sync ${places.join(', ')}${said && `: ${said}`}`, {
    hint: 'look for disk errors: dmesg',
    details: { places },
    cause: error,
  });
}

function syncTree(path: string): void {
  const stats = statsOf(path);
  if (stats?.isDirectory() === true) {
    for (const name of readdirSync(path)) syncEntry(join(path, name));
    syncOne(path, O_DIRECTORY);
  } else if (stats?.isFile() === true) syncOne(path, 0);
  syncOne(existing(dirname(path)), O_DIRECTORY);
}

function syncEntry(path: string): void {
  const stats = statsOf(path);
  if (stats?.isFile() === true) syncOne(path, 0);
  else if (stats?.isDirectory() === true) {
    for (const name of readdirSync(path)) syncEntry(join(path, name));
    syncOne(path, O_DIRECTORY);
  }
}

function syncOne(path: string, flag: number): void {
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | flag);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
