import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import Database from 'better-sqlite3';
import { ZmintError } from '../../errors.js';
import { fileError } from '../fs/file-error.js';

/** Where the header says how the file is read and written: 2 is WAL, 1 is without a log. */
const FORMAT_OCTETS = [18, 19] as const;

/**
 * A copy in memory of a database whose folder cannot be written and whose log is empty: SQLite
 * itself refuses a WAL database where it cannot make the index of the log. Throws `busy` when the
 * file changes meanwhile. Here alone the file is opened through node:fs, once SQLite has let go of it.
 */
export function openFrozen(path: string): Database.Database {
  const content = readUnchanged(path);
  for (const octet of FORMAT_OCTETS) if (content[octet] === 2) content[octet] = 1;
  return new Database(content, { readonly: true });
}

function readUnchanged(path: string): Buffer {
  try {
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW);
    try {
      const before = fstatSync(descriptor, { bigint: true });
      const content = readFileSync(descriptor);
      const after = fstatSync(descriptor, { bigint: true });
      if (before.mtimeNs === after.mtimeNs && before.size === after.size) return content;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(error, 'read', path);
  }
  throw new ZmintError('busy', `${path} changes while it is read`, {
    hint: 'run the command again',
    details: { file: path },
  });
}
