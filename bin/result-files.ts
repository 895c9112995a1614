import {
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  openSync,
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { fileError } from '../src/adapters/fs/file-error.js';
import { shellWord } from '../src/index.js';
import { ZmintError } from '../src/errors.js';
import { cannotWrite, requirePlace } from './result-place.js';

/** Reads a file that the command line names. Throws `unreadable`, also for more than `limit` bytes. */
export function readFile(path: string, limit: number): Uint8Array {
  try {
    const descriptor = openSync(path, 'r');
    try {
      return readAll(descriptor, path, limit);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw cannotRead(error, path);
  }
}

/** An error of the operating system as `unreadable`, in words; any other as it is. */
function cannotRead(error: unknown, path: string): unknown {
  const told = fileError(error, 'read', path);
  if (told === error || !(told instanceof ZmintError)) return error;
  const { message, details, hint } = told;
  const known = hint === undefined ? {} : { hint };
  return new ZmintError('unreadable', message, { ...known, details, cause: error });
}

function readAll(descriptor: number, path: string, limit: number): Uint8Array {
  if (fstatSync(descriptor).isDirectory()) {
    throw new ZmintError('unreadable', `${path} is a folder, not a file`, {
      hint: `ls -l ${shellWord(path)}`,
      details: { path },
    });
  }
  const chunks: Buffer[] = [];
  let total = 0;
  for (;;) {
    const chunk = Buffer.alloc(64 * 1024);
    const count = readSync(descriptor, chunk);
    total += count;
    if (total > limit) {
      throw new ZmintError('unreadable', `${path} has more than ${limit} bytes`);
    }
    if (count === 0) return Uint8Array.from(Buffer.concat(chunks));
    chunks.push(chunk.subarray(0, count));
  }
}

/** The names in a folder that the command line names, sorted. Throws `unreadable`. */
export function listFolder(path: string): readonly string[] {
  try {
    return readdirSync(path).sort();
  } catch (error) {
    throw cannotRead(error, path);
  }
}

/** Whether anything has that name, even a link that leads nowhere. */
export function exists(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // A folder on the way cannot be entered; writing there will say so.
    return false;
  }
}

/**
 * Writes a result file whole: under a temporary name beside it, synced, renamed, the folder synced.
 * Throws what `requirePlace` throws, and `storage`; then what was there before is unchanged.
 */
export function writeFile(path: string, bytes: Uint8Array, mode: number): void {
  requirePlace(path, 'file');
  const fresh = `${path}.zmint-${process.pid}`;
  try {
    writeFresh(fresh, bytes, mode);
    renameSync(fresh, path);
    syncFolder(dirname(path));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw cannotWrite(error, path);
  }
}

/**
 * Gives a result file its name, over what has that name, and syncs the folder. Both names are in the
 * same folder. Throws `storage`.
 */
export function renameFile(from: string, to: string): void {
  try {
    renameSync(from, to);
    syncFolder(dirname(to));
  } catch (error) {
    throw cannotWrite(error, to);
  }
}

function writeFresh(path: string, bytes: Uint8Array, mode: number): void {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const descriptor = openSync(path, flags, mode);
  try {
    for (let at = 0; at < bytes.length;) at += writeSync(descriptor, bytes, at);
    fchmodSync(descriptor, mode);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function syncFolder(path: string): void {
  const descriptor = openSync(path, constants.O_RDONLY | constants.O_DIRECTORY);
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
