import { closeSync, constants, fstatSync, openSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { ZmintError } from '../../errors.js';
import type { TrustFiles } from '../../ports/trust-files.js';
import { undoing } from './durable-write.js';
import { errnoOf, fileError } from './file-error.js';
import { settle } from './settle.js';
import { shellWord } from '../../zone/shell-word.js';
import type { ZoneFs } from './zone-fs.js';

const LIMIT = 4 * 1024 * 1024;
const PUBLIC = 0o644;
/** A file under a temporary name that is older was left by a run that died. */
const LEFTOVER_MS = 600_000;

/** Trust files by node:fs; what it changes goes through `ZoneFs`, verb by verb. */
export class FileTrustFiles implements TrustFiles {
  readonly #fs: ZoneFs;

  constructor(fs: ZoneFs) {
    this.#fs = fs;
  }

  read(path: string): Promise<Uint8Array | undefined> {
    return settle(() => unlessMissing(path, () => this.#readFile(path)));
  }

  list(path: string): Promise<readonly string[] | undefined> {
    return settle(() => unlessMissing(path, () => readdirSync(path).sort()));
  }

  replace(path: string, bytes: Uint8Array): Promise<void> {
    return settle(() => {
      const kind = this.#fs.inspect(path)?.kind;
      if (kind !== undefined && kind !== 'file') throw inTheWay(path);
      this.#sweep(path);
      // The number of the process keeps two of them apart that write the same file.
      const fresh = join(dirname(path), `.${basename(path)}.new-${process.pid}`);
      this.#fs.removeFile(fresh);
      undoing(
        () => {
          this.#fs.writeNew(fresh, bytes, PUBLIC);
          this.#fs.rename(fresh, path);
          this.#fs.syncFolder(dirname(path));
        },
        () => {
          this.#fs.removeFile(fresh);
        },
      );
    });
  }

  #readFile(path: string): Uint8Array {
    // Without O_NONBLOCK opening a named pipe would wait for a writer for ever.
    const descriptor = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const facts = fstatSync(descriptor);
      if (!facts.isFile()) {
        throw new ZmintError('unreadable', `${path} is not a regular file`, {
          hint: `ls -ld ${shellWord(path)}`,
          details: { path },
        });
      }
      if (facts.size > LIMIT) throw tooLarge(path);
      return this.#fs.readDescriptor(descriptor, facts.size);
    } finally {
      closeSync(descriptor);
    }
  }

  #sweep(path: string): void {
    const folder = dirname(path);
    const prefix = `.${basename(path)}.new-`;
    for (const name of this.#fs.list(folder) ?? []) {
      if (!name.startsWith(prefix) || !/^\d+$/u.test(name.slice(prefix.length))) continue;
      const facts = this.#fs.inspect(join(folder, name));
      const age = facts === undefined ? 0 : this.#fs.now() - facts.changedAt;
      if (age > LEFTOVER_MS) this.#fs.removeFile(join(folder, name));
    }
  }
}

function unlessMissing<T>(path: string, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw fileError(error, 'read', path);
  }
}

function tooLarge(path: string): ZmintError {
  return new ZmintError('unreadable', `${path} has more than ${LIMIT} bytes`, {
    details: { path },
  });
}

function inTheWay(path: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} is there and is not a regular file`, {
    hint: `ls -ld ${shellWord(path)}`,
    details: { path },
  });
}
