import { isUtf8 } from 'node:buffer';
import { dirname, resolve } from 'node:path';
import { ZmintError } from '../../errors.js';
import { PathSafety } from './path-safety.js';
import { shellWord } from '../../zone/shell-word.js';
import { createNodeZoneFs, type ZoneFs } from './zone-fs.js';

const LIMIT = 1024;
/** A line end of two bytes may follow. */
const READ_LIMIT = LIMIT + 2;

/**
 * The passphrase in a file: one line of UTF-8, 1 to 1024 bytes, in NFC and without its line end;
 * the caller wipes it. Throws `not-found`; `unsafe-path` unless it is a regular file of the own
 * user, 0600 or narrower, without a second name; `unreadable` for other content.
 */
export function readPassphraseFile(path: string, fs: ZoneFs = createNodeZoneFs()): Uint8Array {
  const file = resolve(path);
  const safety = new PathSafety(fs);
  const facts = fs.inspect(file);
  if (facts !== undefined) safety.requireSecret(file, facts);
  const content = fs.readBounded(file, READ_LIMIT);
  if (content === undefined) {
    throw new ZmintError('not-found', `the passphrase file ${path} is not there`, {
      hint: `ls -l ${shellWord(dirname(file))}`,
      details: { path },
    });
  }
  safety.requireSecret(file, content.facts);
  return passphraseOf(content.bytes, path);
}

/**
 * The passphrase from an open descriptor, read to its end; else as `readPassphraseFile`. Throws
 * `unreadable` also for one that nothing was opened for.
 */
export function readPassphraseFd(descriptor: number, fs: ZoneFs = createNodeZoneFs()): Uint8Array {
  return passphraseOf(readAll(descriptor, fs), `file descriptor ${descriptor}`);
}

function readAll(descriptor: number, fs: ZoneFs): Uint8Array {
  try {
    return fs.readDescriptor(descriptor, READ_LIMIT);
  } catch (error) {
    const errno = error instanceof ZmintError ? error.details.errno : undefined;
    if (typeof errno !== 'string') throw error;
    throw new ZmintError(
      'unreadable',
      `nothing can be read from file descriptor ${descriptor} (${errno})`,
      {
        hint: `open it in the shell, behind the command: ${descriptor}< FILE`,
        details: { descriptor, errno },
        cause: error,
      },
    );
  }
}

/** Wipes what it was given. */
function passphraseOf(bytes: Uint8Array, source: string): Uint8Array {
  try {
    const line = bytes.slice(0, lineLength(bytes));
    const problem = findProblem(line);
    if (problem === undefined) return toNfc(line);
    line.fill(0);
    throw new ZmintError('unreadable', `the passphrase in ${source} ${problem}`, {
      hint: 'put it on one line of its own: UTF-8 text of 1 to 1024 bytes',
    });
  } finally {
    bytes.fill(0);
  }
}

function lineLength(bytes: Uint8Array): number {
  if (bytes.at(-1) !== 0x0a) return bytes.length;
  return bytes.at(-2) === 0x0d ? bytes.length - 2 : bytes.length - 1;
}

function findProblem(line: Uint8Array): string | undefined {
  if (line.length === 0) return 'is empty';
  if (line.length > LIMIT) return `has more than ${LIMIT} bytes`;
  if (line.includes(0)) return 'has a NUL byte';
  if (line.includes(0x0a) || line.includes(0x0d)) return 'has more than one line';
  return isUtf8(line) ? undefined : 'is not UTF-8';
}

/** Wipes what it was given unless it hands it back. */
function toNfc(line: Uint8Array): Uint8Array {
  // Plain ASCII never becomes a string, which could not be wiped.
  if (line.every((byte) => byte < 0x80)) return line;
  const normal = Buffer.from(Buffer.from(line).toString('utf8').normalize('NFC'), 'utf8');
  line.fill(0);
  return Uint8Array.from(normal);
}
