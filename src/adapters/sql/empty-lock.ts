import { closeSync, constants, ftruncateSync, openSync } from 'node:fs';
import { fileError } from '../fs/file-error.js';
import { hasDatabaseFile } from './database-file.js';

/**
 * Empties a lock file that is damaged. It stays the same file, so that who holds it goes on holding
 * it: SQLite locks octets of the file, not what is in them. Not for a lock that this process holds,
 * which closing the file would drop. Throws `unsafe-path` as `hasDatabaseFile`, `storage`.
 */
export function emptyLock(path: string): void {
  if (!hasDatabaseFile(path)) return;
  try {
    const descriptor = openSync(path, constants.O_WRONLY | constants.O_NOFOLLOW);
    try {
      ftruncateSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw fileError(error, 'empty', path);
  }
}
