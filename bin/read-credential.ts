import { join } from 'node:path';
import { readPassphraseFile } from '../src/adapters/fs/read-passphrase-file.js';
import { ZmintError } from '../src/errors.js';

/**
 * A credential of the service manager (systemd.exec, CREDENTIALS), to be wiped; undefined where there
 * is no such folder or none of that name. Throws what reading a passphrase file throws.
 *
 * @param folder - `$CREDENTIALS_DIRECTORY`
 */
export function readCredential(folder: string | undefined, name: string): Uint8Array | undefined {
  if (folder?.startsWith('/') !== true) return undefined;
  try {
    return readPassphraseFile(join(folder, name));
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'not-found') return undefined;
    throw error;
  }
}
