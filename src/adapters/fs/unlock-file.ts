import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { replaceFiles } from './durable-write.js';
import { freshBytes } from './key-cipher.js';
import type { SafeFolders } from './safe-folders.js';
import type { ZoneFs } from './zone-fs.js';

const NAME = 'ca.unlock';
const LENGTH = 32;

/** The 32 bytes that open the CA keys of a zone without passphrase, `ca.unlock` in its home. */
export class UnlockFile {
  readonly #fs: ZoneFs;
  readonly #folders: SafeFolders;

  constructor(fs: ZoneFs, folders: SafeFolders) {
    this.#fs = fs;
    this.#folders = folders;
  }

  /** Where it is. Throws `not-found` when there is no zone home. */
  path(): string {
    return join(this.#folders.zone(), NAME);
  }

  /** Makes it when it is not there; durable when it returns. Throws as `read` for a wrong one. */
  ensure(): void {
    const path = this.path();
    if (this.#fs.inspect(path) !== undefined) {
      this.read().fill(0);
      this.#fs.syncFolder(this.#folders.zone());
      return;
    }
    const key = freshBytes(LENGTH);
    replaceFiles(this.#fs, this.#folders.zone(), { [NAME]: key });
    key.fill(0);
  }

  /** Its bytes, to be wiped. Throws `not-found`, `unsafe-path`, or `damaged` when they are not 32. */
  read(): Uint8Array {
    const path = this.path();
    const bytes = this.#folders.readFile(path, 'secret')?.bytes;
    if (bytes?.length === LENGTH) return bytes;
    const hint = 'put ca.unlock back from a backup of the zone home';
    const details = { path };
    if (bytes === undefined) {
      throw new ZmintError('not-found', `${path}, which opens the CA key, is not there`, {
        hint,
        details,
      });
    }
    throw new ZmintError('damaged', `${path} does not have ${LENGTH} bytes`, { hint, details });
  }
}
