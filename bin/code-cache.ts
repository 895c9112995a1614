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
const CHECKSUM_BYTES = 4;

/**
 * A cache in the program's own folder, written when a process ends that had to compile. Only the owner
 * of the folder writes it, so that code which one user wrote is never run by another who would not
 * run the program itself; where it cannot be written, programs compile, as they would without it.
 * V8 looks at the version and the length of what it is given, but not at its content: the checksum
 * does that.
 */
export function createCodeCache(folder: string, build: string): CodeCache {
  const place = join(folder, 'cache', `${build}-${process.version}-${process.arch}`);
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
      for (const [file, script] of compiled) writeWhole(pathOf(file), script.createCachedData());
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
      compiled.set(file, script);
    },
  };
}

function readWhole(path: string): Buffer | undefined {
  try {
    const bytes = readFileSync(path);
    const code = bytes.subarray(CHECKSUM_BYTES);
    const whole = bytes.length > CHECKSUM_BYTES && bytes.readInt32LE(0) === checksum(code);
    return whole ? code : undefined;
  } catch {
    return undefined;
  }
}

function writeWhole(path: string, code: Buffer): void {
  const sum = Buffer.alloc(CHECKSUM_BYTES);
  sum.writeInt32LE(checksum(code));
  const fresh = `${path}.${process.pid}`;
  try {
    writeFileSync(fresh, Buffer.concat([sum, code]), { flag: 'wx' });
    chmodSync(fresh, 0o644);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

/** Rotated and mixed by words of four bytes: a changed bit changes it, and it needs no module. */
function checksum(bytes: Uint8Array): number {
  // The words must begin at a multiple of four, which a slice of a file need not.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice();
  const words = new Int32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2);
  let sum = bytes.length | 0;
  for (const word of words) sum = Math.imul(((sum << 5) | (sum >>> 27)) ^ word, 0x9e3779b1);
  for (const byte of bytes.subarray(words.length * 4)) sum = Math.imul(sum ^ byte, 0x01000193);
  return sum | 0;
}
