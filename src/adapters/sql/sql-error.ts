import { dirname } from 'node:path';
import { ZmintError, type ErrorCode } from '../../errors.js';
import { shellWord } from '../../zone/shell-word.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly words: string;
  readonly hint: (path: string) => string;
}

const doctor = (): string => 'zmint doctor';
const look = (path: string): string => `ls -ld ${shellWord(dirname(path))} ${shellWord(path)}`;
/** The mode of the file or its folder, or the mount, may be what keeps it from being written. */
const written = (path: string): string => `${look(path)}; ${mount(path)}`;
const mount = (path: string): string => `findmnt -T ${shellWord(dirname(path))}`;

/** By primary result code: what stands before the second underscore. */
const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  [
    'SQLITE_FULL',
    {
      code: 'storage',
      words: 'the disk is full',
      hint: (path) => `df -h ${shellWord(dirname(path))}`,
    },
  ],
  ['SQLITE_IOERR', { code: 'storage', words: 'the disk reports an error', hint: mount }],
  ['SQLITE_READONLY', { code: 'storage', words: 'it is read-only', hint: written }],
  ['SQLITE_CANTOPEN', { code: 'storage', words: 'it cannot be opened', hint: look }],
  ['SQLITE_PERM', { code: 'storage', words: 'permission is denied', hint: look }],
  ['SQLITE_NOMEM', { code: 'storage', words: 'there is not enough memory', hint: () => 'free -h' }],
  ['SQLITE_NOLFS', { code: 'storage', words: 'the file would be too large', hint: mount }],
  [
    'SQLITE_BUSY',
    {
      code: 'busy',
      words: 'another program keeps it locked',
      hint: (path) => `fuser -v ${shellWord(path)}`,
    },
  ],
  ['SQLITE_CORRUPT', { code: 'damaged', words: 'it is damaged', hint: doctor }],
  ['SQLITE_NOTADB', { code: 'damaged', words: 'it is not a database', hint: doctor }],
  ['SQLITE_TOOBIG', { code: 'damaged', words: 'it is damaged', hint: doctor }],
  // The statements are fixed and tested: when one does not fit, the schema has been altered.
  [
    'SQLITE_ERROR',
    { code: 'damaged', words: 'its tables are not as zmint laid them', hint: doctor },
  ],
]);

/**
 * What SQLite refused, in words: `storage` when the disk cannot, `damaged` when the file is not
 * what was written, `busy` when it is locked, `bug` for what must not happen. Names the file.
 */
export function sqlError(error: unknown, path: string): ZmintError {
  if (error instanceof ZmintError) return error;
  const extended = resultCode(error);
  const primary = /^SQLITE_[A-Z]+/u.exec(extended ?? '')?.[0] ?? '';
  const meaning = MEANINGS.get(primary);
  const details = { file: path, sqlite: extended };
  if (meaning !== undefined) {
    return new ZmintError(meaning.code, `cannot use ${path}: ${meaning.words}`, {
      hint: meaning.hint(path),
      details,
      cause: error,
    });
  }
  const said = error instanceof Error ? error.message : 'an unknown failure';
  return new ZmintError('bug', `SQLite refused a statement on ${path}: ${said}`, {
    details,
    cause: error,
  });
}

/** The extended result code, such as `SQLITE_IOERR_FSYNC`; undefined for errors of other origin. */
function resultCode(error: unknown): string | undefined {
  // Not by class: the native part makes errors of the class that was loaded first in this process.
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  const { code } = error;
  return typeof code === 'string' && code.startsWith('SQLITE_') ? code : undefined;
}
