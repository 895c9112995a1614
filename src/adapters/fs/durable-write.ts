import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { ZoneFs } from './zone-fs.js';

/** Files of one folder, by name. */
export type NamedFiles = Readonly<Record<string, Uint8Array>>;

const LEFTOVER = /^\.(?:new|old)-/u;
/** More than any file that zmint replaces; a larger one is not zmint's. */
const PREVIOUS_LIMIT = 64 * 1024 * 1024;

/** The name under which something is made before one rename gives it its own. */
export function freshName(name: string): string {
  return `.new-${name}`;
}

/** Removes what crashed runs left under temporary names, in a folder that only zmint writes to. */
export function sweepLeftovers(fs: ZoneFs, folder: string): void {
  for (const name of fs.list(folder) ?? []) {
    if (LEFTOVER.test(name)) removeEntry(fs, join(folder, name));
  }
}

/**
 * Makes `parent/name` a folder of exactly these files: whole under a temporary name, read back,
 * synced, renamed, synced. A folder of that name is replaced; when anything fails it is as before.
 */
export function placeFolder(fs: ZoneFs, parent: string, name: string, files: NamedFiles): void {
  const fresh = join(parent, freshName(name));
  const replaces = fs.inspect(join(parent, name)) !== undefined;
  if (replaces || fs.inspect(fresh) !== undefined) sweepLeftovers(fs, parent);
  if (replaces && holdsExactly(fs, join(parent, name), files)) {
    fs.syncFolder(join(parent, name));
    fs.syncFolder(parent);
    return;
  }
  undoing(
    () => {
      fs.makeFolder(fresh);
      for (const [file, bytes] of Object.entries(files)) fs.writeNew(join(fresh, file), bytes);
      fs.syncFolder(fresh);
      swapIn(fs, parent, name, replaces);
    },
    () => {
      removeEntry(fs, fresh);
    },
  );
}

/** Removes the folder `parent/name` with its files; harmless when it is gone. */
export function removePlacedFolder(fs: ZoneFs, parent: string, name: string): void {
  sweepLeftovers(fs, parent);
  if (fs.inspect(join(parent, name)) !== undefined) {
    // Aside first: a folder that has lost some of its files must never be taken for a whole one.
    fs.rename(join(parent, name), join(parent, `.old-${name}`));
    sweepLeftovers(fs, parent);
  }
  fs.syncFolder(parent);
}

/**
 * Replaces files, each by one rename, after all were written, read back and synced under temporary
 * names; then syncs the folder. When anything fails, all are as before.
 */
export function replaceFiles(fs: ZoneFs, folder: string, files: NamedFiles): void {
  const names = Object.keys(files);
  const previous = names.map((name) => ({ name, bytes: bytesOf(fs, join(folder, name)) }));
  const renamed: string[] = [];
  undoing(
    () => {
      for (const [name, bytes] of Object.entries(files)) writeFresh(fs, folder, name, bytes);
      for (const name of names) {
        renamed.push(name);
        fs.rename(join(folder, freshName(name)), join(folder, name));
      }
      fs.syncFolder(folder);
    },
    () => {
      for (const name of names) fs.removeFile(join(folder, freshName(name)));
      for (const { name, bytes } of previous) {
        if (renamed.includes(name)) putBack(fs, folder, name, bytes);
      }
    },
  );
}

/** Writes files under their temporary names; when one fails, none is left. */
export function writeFreshFiles(fs: ZoneFs, folder: string, files: NamedFiles): void {
  undoing(
    () => {
      for (const [name, bytes] of Object.entries(files)) writeFresh(fs, folder, name, bytes);
    },
    () => {
      for (const name of Object.keys(files)) fs.removeFile(join(folder, freshName(name)));
    },
  );
}

/** Gives files that were written under temporary names their own. */
export function placeFreshFiles(fs: ZoneFs, folder: string, names: readonly string[]): void {
  for (const name of names) fs.rename(join(folder, freshName(name)), join(folder, name));
  fs.syncFolder(folder);
}

/** Writes a file under its temporary name, over a leftover. */
export function writeFresh(fs: ZoneFs, folder: string, name: string, bytes: Uint8Array): void {
  const path = join(folder, freshName(name));
  fs.removeFile(path);
  fs.writeNew(path, bytes);
}

/** Throws `storage` when the file does not hold exactly these bytes. */
export function requireSame(fs: ZoneFs, path: string, bytes: Uint8Array): void {
  const found = fs.readBounded(path, bytes.length);
  if (found !== undefined && sameBytes(found.bytes, bytes)) return;
  throw new ZmintError('storage', `${path} does not hold what was written to it`, {
    hint: 'look for disk errors: dmesg',
    details: { path },
  });
}

/** Runs the work; when it fails, tries to undo it and throws what the work threw. */
export function undoing(work: () => void, undo: () => void): void {
  try {
    work();
  } catch (error) {
    quietly(undo);
    throw error;
  }
}

/** Whether two arrays hold the same bytes. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

function swapIn(fs: ZoneFs, parent: string, name: string, replaces: boolean): void {
  const target = join(parent, name);
  const fresh = join(parent, freshName(name));
  const old = join(parent, `.old-${name}`);
  undoing(
    () => {
      if (replaces) fs.rename(target, old);
      fs.rename(fresh, target);
      fs.syncFolder(parent);
    },
    () => {
      if (fs.inspect(fresh) === undefined) fs.rename(target, fresh);
      if (replaces && fs.inspect(old) !== undefined) fs.rename(old, target);
    },
  );
  // The new folder is in place and durable: what cannot be removed now is swept by the next run.
  if (replaces) {
    quietly(() => {
      removeEntry(fs, old);
    });
  }
}

function holdsExactly(fs: ZoneFs, folder: string, files: NamedFiles): boolean {
  const facts = fs.inspect(folder);
  if (facts?.kind !== 'folder' || facts.mode !== 0o700 || facts.uid !== fs.ownUid()) return false;
  const names = fs.list(folder) ?? [];
  const wanted = Object.keys(files);
  if (names.length !== wanted.length) return false;
  return names.every((name) => holds(fs, join(folder, name), files[name]));
}

function holds(fs: ZoneFs, path: string, bytes: Uint8Array | undefined): boolean {
  const facts = fs.inspect(path);
  if (bytes === undefined || facts?.kind !== 'file' || facts.size !== bytes.length) return false;
  if (facts.mode !== 0o600 || facts.uid !== fs.ownUid() || facts.links !== 1) return false;
  const found = fs.readBounded(path, bytes.length);
  return found !== undefined && sameBytes(found.bytes, bytes);
}

function bytesOf(fs: ZoneFs, path: string): Uint8Array | undefined {
  return fs.readBounded(path, PREVIOUS_LIMIT)?.bytes;
}

function putBack(fs: ZoneFs, folder: string, name: string, bytes: Uint8Array | undefined): void {
  const path = join(folder, name);
  if (bytes === undefined) {
    fs.removeFile(path);
    return;
  }
  if (holds(fs, path, bytes)) return;
  writeFresh(fs, folder, name, bytes);
  fs.rename(join(folder, freshName(name)), path);
}

function removeEntry(fs: ZoneFs, path: string): void {
  if (fs.inspect(path)?.kind !== 'folder') {
    fs.removeFile(path);
    return;
  }
  for (const name of fs.list(path) ?? []) fs.removeFile(join(path, name));
  fs.removeFolder(path);
}

function quietly(work: () => void): void {
  try {
    work();
  } catch {
    // What made the undoing necessary is the error to tell; leftovers are replaced by the next run.
  }
}
