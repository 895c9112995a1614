import {
  chmodSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Script } from 'node:vm';

/** Compiled code of the program's files. */
export interface CodeCache {
  /** Which part of the program runs: each has its own code, as each uses other functions. */
  choose(part: string): void;
  /** The compiled code of a file; undefined when there is none that can be trusted to be whole. */
  read(file: string): Buffer | undefined;
  /** Says that a file was compiled, with or without it. */
  loaded(file: string, script: Script): void;
}

/** Ends that say nothing about what the part usually runs: wrong usage, a bug, a signal. */
const UNUSUAL = new Set([2, 70, 130]);

/**
 * A cache in the program's own folder, written when a process ends that had to compile. Only the owner
 * of the folder writes it, so that code which one user wrote is never run by another who would not
 * run the program itself; where it cannot be written, programs compile, as they would without it.
 * V8 looks at the version and the length of what it is given, but not at its content, and may loop for
 * ever when a bit has changed. So the code stands in its file twice: comparing is faster than any sum.
 */
export function createCodeCache(folder: string, build: string): CodeCache {
  const place = join(folder, 'cache', `${build}-${process.version}-${process.arch}`);
  /** By the path that its code belongs to. */
  const compiled = new Map<string, Script>();
  let part = '';
  const pathOf = (file: string): string =>
    join(place, `${part.replaceAll(' ', '-')}.${file.replaceAll('/', '-')}`);
  const save = (status: number): void => {
    if (UNUSUAL.has(status)) return;
    try {
      if (lstatSync(folder).uid !== process.geteuid?.()) return;
      mkdirSync(place, { recursive: true, mode: 0o755 });
      chmodSync(join(folder, 'cache'), 0o755);
      chmodSync(place, 0o755);
      for (const [path, script] of compiled) writeWhole(path, script.createCachedData());
    } catch {
      // A full disk or a read-only file system: the next start compiles again.
    }
  };
  return {
    choose: (name) => {
      part = name;
    },
    read: (file) => readWhole(pathOf(file)),
    loaded: (file, script) => {
      if (script.cachedDataRejected === false) return;
      if (compiled.size === 0) process.once('exit', save);
      compiled.set(pathOf(file), script);
    },
  };
}

function readWhole(path: string): Buffer | undefined {
  try {
    const twice = readFileSync(path);
    const code = twice.subarray(0, twice.length / 2);
    return code.length > 0 && code.equals(twice.subarray(code.length)) ? code : undefined;
  } catch {
    return undefined;
  }
}

function writeWhole(path: string, code: Buffer): void {
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, Buffer.concat([code, code]), { flag: 'wx' });
    chmodSync(fresh, 0o644);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
