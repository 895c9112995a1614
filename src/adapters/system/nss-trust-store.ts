import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { decodePem, encodePem } from '../../encoding/pem.js';
import { ZmintError } from '../../errors.js';
import type { OutsideStore, StoredRoot } from '../../ports/outside-store.js';
import { shellWord } from '../../zone/shell-word.js';
import { runTool, type Tool } from './run-tool.js';

const CERTUTIL: Tool = { name: 'certutil', package: 'libnss3-tools' };
/** Trusted to issue certificates of TLS servers, and for nothing else (certutil(1), -t). */
const TRUST = 'C,,';
const NAME_DIGITS = 16;

/**
 * An NSS database (Firefox, Chromium, Evolution) through certutil; nicknames are the names. Roots
 * with the same subject are shown together by certutil, so the one that is meant is found by the
 * digits of its SHA-256 that end the name.
 */
export class NssTrustStore implements OutsideStore {
  readonly place: string;
  readonly #passwordFile: string | undefined;

  constructor(folder: string, passwordFile: string | undefined) {
    this.place = folder;
    this.#passwordFile = passwordFile;
  }

  async list(prefix: string): Promise<readonly StoredRoot[]> {
    if (!existsSync(join(this.place, 'cert9.db'))) {
      throw new ZmintError('not-found', `there is no NSS database in ${this.place}`, {
        hint: `certutil -N -d sql:${shellWord(this.place)} makes one; look for cert9.db`,
      });
    }
    const lines = (await this.#run('-L')).split('\n');
    const roots: StoredRoot[] = [];
    for (const line of lines) {
      const [, name = '', trust = ''] = /^(.*\S)\s+(\S*,\S*,\S*)\s*$/u.exec(line) ?? [];
      if (!name.startsWith(prefix)) continue;
      roots.push({ name, der: trust.startsWith('C') ? await this.#read(name) : null });
    }
    return roots;
  }

  async add(name: string, der: Uint8Array): Promise<void> {
    const folder = mkdtempSync(join(tmpdir(), 'zmint-nss-'));
    try {
      const file = join(folder, 'root.pem');
      writeFileSync(file, encodePem('CERTIFICATE', der));
      await this.#run('-A', '-n', name, '-t', TRUST, '-a', '-i', file);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  async remove(name: string): Promise<void> {
    const listed = await this.list(name);
    if (listed.some((one) => one.name === name)) await this.#run('-D', '-n', name);
  }

  /** Programs read the database when they start. */
  refresh(): Promise<void> {
    return Promise.resolve();
  }

  async #read(name: string): Promise<Uint8Array | null> {
    const blocks = decodePem(await this.#run('-L', '-n', name, '-a'));
    const found = blocks.find(({ der }) =>
      createHash('sha256').update(der).digest('hex').startsWith(name.slice(-NAME_DIGITS)),
    );
    return found?.der ?? null;
  }

  #run(...args: readonly string[]): Promise<string> {
    const password = this.#passwordFile === undefined ? [] : ['-f', this.#passwordFile];
    return runTool(CERTUTIL, [...args, '-d', `sql:${this.place}`, ...password]);
  }
}
