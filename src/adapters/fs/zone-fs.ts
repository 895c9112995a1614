import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import process from 'node:process';
import { ZmintError } from '../../errors.js';
import { readBounded, readToEnd, withDescriptor } from './bounded-reading.js';
import { factsOf, type EntryFacts, type FileContent } from './entry-facts.js';
import { errnoOf, fileError } from './file-error.js';
import type { WrittenPaths } from './written-paths.js';

/**
 * The one way in which zmint touches files. Each verb is one effect or none: tests stop the world
 * before and after every one of them. Paths are absolute. Verbs throw `storage`, `unsafe-path` or
 * `not-found` with the path and the reason in words.
 */
export interface ZoneFs {
  /** Creates one folder, 0700. */
  makeFolder(path: string): void;
  /**
   * Creates a file that was not there, with these bytes, read back and synced; or leaves none. Its
   * mode is 0600 whatever the umask, unless another is given.
   */
  writeNew(path: string, bytes: Uint8Array, mode?: number): void;
  /** As `writeNew`, but durable only after `syncAll` of its path or of where it was renamed to. */
  writeUnsynced(path: string, bytes: Uint8Array): void;
  /** Makes all of it durable, at once for each file system. Paths that are gone are passed over. */
  syncAll(what: WrittenPaths): Promise<void>;
  /** Makes the names in a folder durable. Never repeated on a descriptor where it failed (I-17). */
  syncFolder(path: string): void;
  /** Renames within a file system, over what is there. */
  rename(from: string, to: string): void;
  /** Creates a symbolic link that was not there. */
  makeLink(target: string, path: string): void;
  /** Removes a file or link; harmless when it is gone. */
  removeFile(path: string): void;
  /** Removes an empty folder; harmless when it is gone. */
  removeFolder(path: string): void;
  /** The names in a folder, sorted by code unit; undefined when it is not there. */
  list(path: string): readonly string[] | undefined;
  /**
   * Reads a regular file, never through a link; undefined when it is not there. Throws
   * `unreadable` when it has more bytes than the limit.
   */
  readBounded(path: string, limit: number): FileContent | undefined;
  /** Reads an open descriptor to its end. Throws `unreadable` when it has more bytes than the limit. */
  readDescriptor(descriptor: number, limit: number): Uint8Array;
  /** Undefined when nothing is there. */
  inspect(path: string): EntryFacts | undefined;
  /** The text of a symbolic link. */
  readLink(path: string): string;
  /** Milliseconds since 1970, to be compared with `changedAt`. */
  now(): number;
  /** The user whom the system asks for permission: the effective user id. */
  ownUid(): number;
}

type Writing =
  | 'makeFolder'
  | 'writeNew'
  | 'writeUnsynced'
  | 'syncAll'
  | 'syncFolder'
  | 'rename'
  | 'makeLink'
  | 'removeFile'
  | 'removeFolder';

/** The file system of this machine by node:fs; each verb is done when it returns. */
export function createNodeZoneFs(): ZoneFs {
  return { ...writingVerbs(), ...readingVerbs() };
}

function writingVerbs(): Pick<ZoneFs, Writing> {
  return {
    makeFolder: (path) => {
      attempt('create', path, () => {
        mkdirSync(path, { mode: 0o700 });
      });
    },
    writeNew: (path, bytes, mode = 0o600) => {
      attempt('write', path, () => {
        writeNew(path, bytes, { mode, synced: true });
      });
    },
    writeUnsynced: (path, bytes) => {
      attempt('write', path, () => {
        writeNew(path, bytes, { mode: 0o600, synced: false });
      });
    },
    syncAll,
    syncFolder: (path) => {
      attempt('sync', path, () => {
        withDescriptor(path, constants.O_RDONLY | constants.O_DIRECTORY, fsyncSync);
      });
    },
    rename: (from, to) => {
      attempt('write', to, () => {
        renameSync(from, to);
      });
    },
    makeLink: (target, path) => {
      attempt('write', path, () => {
        symlinkSync(target, path);
      });
    },
    removeFile: (path) => {
      attempt('remove', path, () =>
        unlessGone(() => {
          unlinkSync(path);
        }),
      );
    },
    removeFolder: (path) => {
      attempt('remove', path, () =>
        unlessGone(() => {
          rmdirSync(path);
        }),
      );
    },
  };
}

async function syncAll(what: WrittenPaths): Promise<void> {
  const { syncPaths } = await import('./sync-paths.js');
  try {
    await syncPaths(what);
  } catch (error) {
    throw fileError(error, 'sync', what.folders[0] ?? '/');
  }
}

function readingVerbs(): Omit<ZoneFs, Writing> {
  return {
    list: (path) => attempt('read', path, () => unlessGone(() => readdirSync(path).sort())),
    readBounded: (path, limit) =>
      attempt('read', path, () => unlessGone(() => readBounded(path, limit))),
    readDescriptor: (descriptor, limit) =>
      attempt('read', `file descriptor ${descriptor}`, () =>
        readToEnd(descriptor, { limit, expected: limit }, `file descriptor ${descriptor}`),
      ),
    inspect: (path) => attempt('read', path, () => inspect(path)),
    readLink: (path) => attempt('read', path, () => readlinkSync(path)),
    now: () => Date.now(),
    ownUid: () => process.geteuid?.() ?? 0,
  };
}

function attempt<T>(action: string, path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw fileError(error, action, path);
  }
}

function unlessGone<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

interface WritingManner {
  readonly mode: number;
  readonly synced: boolean;
}

function writeNew(path: string, bytes: Uint8Array, how: WritingManner): void {
  const { O_RDWR, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
  const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
  try {
    fill(descriptor, path, { bytes, ...how });
  } catch (error) {
    removeQuietly(path);
    throw error;
  }
}

function fill(
  descriptor: number,
  path: string,
  { bytes, mode, synced }: WritingManner & { readonly bytes: Uint8Array },
): void {
  try {
    fchmodSync(descriptor, mode);
    for (let done = 0; done < bytes.length;) done += writeSync(descriptor, bytes, done);
    requireWritten(descriptor, path, bytes);
    if (synced) fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Through the descriptor that was written: nobody else has the file, and to open it again would cost
 * more than all else that is done to it.
 */
function requireWritten(descriptor: number, path: string, bytes: Uint8Array): void {
  const found = Buffer.allocUnsafe(bytes.length + 1);
  let length = 0;
  for (let more = 1; more > 0 && length < bytes.length; length += more)
    more = readSync(descriptor, found, length, found.length - length, length);
  const same = length === bytes.length && found.compare(bytes, 0, length, 0, length) === 0;
  found.fill(0);
  if (same) return;
  throw new ZmintError('storage', `${path} does not hold what was written to it`, {
    hint: 'look for disk errors: dmesg',
    details: { path },
  });
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // The error that is thrown already says more; a file left under a temporary name is replaced.
  }
}

function inspect(path: string): EntryFacts | undefined {
  const stats = lstatSync(path, { throwIfNoEntry: false });
  return stats === undefined ? undefined : factsOf(stats);
}
