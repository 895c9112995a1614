import { execFile } from 'node:child_process';
import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readFileSync,
  type Stats,
} from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ZmintError } from '../../errors.js';
import { errnoOf } from './file-error.js';
import { startSyncHelper, type SyncHelper } from './sync-helper.js';
import type { WrittenPaths } from './written-paths.js';

const run = promisify(execFile);
const { O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants;

/** Exit status of GNU sync for a failed sync as for wrong usage; busybox without `-f` has it too. */
const REFUSED = 1;
/** Exit status of a shell for a program that is not there. */
const MISSING = 127;
/** From so many calls on a helper makes them: to start it costs as much as a call without it. */
const WORTH_A_HELPER = 2;

/**
 * Makes what was written durable: one syncfs(2) for each file system that it lies on, through
 * `sync -f` of coreutils, which Node cannot call itself. Where that program is missing or does not
 * know `-f`, each file and folder is synced by itself. Paths that are gone are passed over. Throws
 * what the system threw.
 *
 * @param program - coreutils' sync, found in /usr/bin or /bin
 */
export async function syncPaths(
  { folders, renamed }: WrittenPaths,
  program = 'sync',
): Promise<void> {
  const places = onePlaceEach(folders);
  if (places.length === 0) return;
  try {
    await syncEach(program, places);
  } catch (error) {
    if (!isWithoutSyncfs(error)) throw refused(error, places);
    for (const path of renamed) syncTree(path);
    for (const path of folders) syncFolder(path);
  }
}

interface Calls {
  made: number;
  helper: SyncHelper | undefined;
}

/** The calls of each program that this process has made. */
const CALLS = new Map<string, Calls>();

/** Runs the program for the places. Throws as `execFile` does, with its exit status and what it said. */
async function syncEach(program: string, places: readonly string[]): Promise<void> {
  const calls = CALLS.get(program) ?? { made: 0, helper: undefined };
  CALLS.set(program, calls);
  calls.made += 1;
  if (calls.made < WORTH_A_HELPER || places.some((place) => /\p{Cc}/u.test(place))) {
    await run(program, ['-f', ...places], { env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } });
    return;
  }
  if (calls.helper?.hasEnded() !== false) calls.helper = startSyncHelper(program);
  for (const place of places) {
    const { status, said } = await calls.helper.sync(place);
    if (status === 0) continue;
    const code = status === MISSING ? 'ENOENT' : status;
    throw Object.assign(new Error(`${program}: status ${status}`), { code, stderr: said });
  }
}

/** One of the folders on each file system; one that is gone lay where the folder above it lies. */
function onePlaceEach(folders: readonly string[]): readonly string[] {
  const mounts = mountPoints();
  const places = new Map<string, string>();
  for (const folder of folders) {
    // Longer ones come first: the first that fits is the one that the folder lies on.
    const mount = mounts.find((point) => folder === point || folder.startsWith(`${point}/`)) ?? '/';
    if (!places.has(mount) && statsOf(folder) !== undefined) places.set(mount, folder);
  }
  return [...places.values()];
}

/** Where file systems are mounted, longest path first, `/` left out (proc(5): spaces are written `\\040`). */
function mountPoints(): readonly string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'latin1').split('\n');
  return lines
    .map((line) => line.split(' ')[4] ?? '/')
    .map((point) => point.replaceAll(/\\([0-7]{3})/gu, (_, digits: string) => octet(digits)))
    .map((point) => Buffer.from(point, 'latin1').toString('utf8'))
    .filter((point) => point.length > 1)
    .sort((a, b) => b.length - a.length);
}

function octet(digits: string): string {
  return String.fromCharCode(Number.parseInt(digits, 8));
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

/** A folder and the files in it. */
function syncFolder(folder: string): void {
  if (statsOf(folder)?.isDirectory() !== true) return;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statsOf(path)?.isFile() === true) syncOne(path, 0);
  }
  syncOne(folder, O_DIRECTORY);
}

/** A file, or a folder with all below it. */
function syncTree(path: string): void {
  const stats = statsOf(path);
  if (stats?.isFile() === true) syncOne(path, 0);
  if (stats?.isDirectory() !== true) return;
  for (const name of readdirSync(path)) syncTree(join(path, name));
  syncOne(path, O_DIRECTORY);
}

function syncOne(path: string, flag: number): void {
  const descriptor = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | flag);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
