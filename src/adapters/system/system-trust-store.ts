import { lstatSync } from 'node:fs';
import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { encodePemOctets } from '../../encoding/pem-octets.js';
import { decodePem } from '../../encoding/pem.js';
import type { TrustFiles } from '../../ports/trust-files.js';
import type { OutsideStore, StoredRoot } from '../../ports/outside-store.js';
import { settle } from '../fs/settle.js';
import type { ZoneFs } from '../fs/zone-fs.js';
import { runTool, type Tool } from './run-tool.js';

const UPDATE: Tool = { name: 'update-ca-certificates', package: 'ca-certificates' };
const LOCAL = 'usr/local/share/ca-certificates';
const LINKS = 'etc/ssl/certs';
const BUNDLE = 'ca-certificates.crt';

/**
 * The system's roots as Debian keeps them (update-ca-certificates(8)): a file `NAME.crt` in
 * /usr/local/share/ca-certificates, from which the program makes links and one bundle in
 * /etc/ssl/certs. A root counts as trusted when its link is there too.
 */
export class SystemTrustStore implements OutsideStore {
  readonly place: string;
  readonly #fs: ZoneFs;
  readonly #files: TrustFiles;
  readonly #root: string;
  #removed = false;

  constructor(fs: ZoneFs, files: TrustFiles, root: string) {
    this.#fs = fs;
    this.#files = files;
    this.#root = root;
    this.place = join(root, LOCAL);
  }

  async list(prefix: string): Promise<readonly StoredRoot[]> {
    const files = await this.#files.list(this.place);
    if (files === undefined) {
      throw new ZmintError('not-found', `${this.place} is not there`, {
        hint: `apt-get install ${UPDATE.package}`,
      });
    }
    const links = (await this.#files.list(join(this.#root, LINKS))) ?? [];
    const names = new Set([...strip(files, '.crt'), ...strip(links, '.pem')]);
    const roots: StoredRoot[] = [];
    for (const name of [...names].filter((each) => each.startsWith(prefix)).sort()) {
      const linked = links.includes(`${name}.pem`);
      roots.push({ name, der: linked ? await this.#read(name) : null });
    }
    return roots;
  }

  add(name: string, der: Uint8Array): Promise<void> {
    const pem = encodePemOctets('CERTIFICATE', der);
    return this.#files.replace(this.#file(name), pem);
  }

  remove(name: string): Promise<void> {
    return settle(() => {
      this.#removed = true;
      this.#fs.removeFile(this.#file(name));
      this.#fs.syncFolder(this.place);
    });
  }

  async refresh(): Promise<void> {
    // Without --fresh the links to a file that is gone would stay, and with them their numbers.
    const fresh = this.#removed ? ['--fresh'] : [];
    await runTool(UPDATE, [...fresh, ...(this.#root === '/' ? [] : this.#folders())]);
    if (this.#removed) await this.#emptyBundle();
    this.#removed = false;
  }

  /** When no root is left at all, the program leaves the bundle as it was. */
  async #emptyBundle(): Promise<void> {
    const links = join(this.#root, LINKS);
    const names = (await this.#files.list(links)) ?? [];
    if (names.some((name) => name.endsWith('.pem')) || !names.includes(BUNDLE)) return;
    await this.#files.replace(join(links, BUNDLE), new Uint8Array());
  }

  #folders(): readonly string[] {
    const at = (path: string): string => join(this.#root, path);
    return [
      ...['--certsconf', at('etc/ca-certificates.conf')],
      ...['--certsdir', at('usr/share/ca-certificates')],
      ...['--localcertsdir', at(LOCAL)],
      ...['--etccertsdir', at(LINKS)],
      ...['--hooksdir', at('etc/ca-certificates/update.d')],
    ];
  }

  #file(name: string): string {
    return join(this.place, `${name}.crt`);
  }

  async #read(name: string): Promise<Uint8Array | null> {
    if (lstatSync(this.#file(name), { throwIfNoEntry: false })?.isFile() !== true) return null;
    const bytes = await this.#files.read(this.#file(name));
    if (bytes === undefined) return null;
    try {
      return decodePem(new TextDecoder().decode(bytes))[0]?.der ?? null;
    } catch {
      // Somebody has changed the file: it is written again.
      return null;
    }
  }
}

function strip(names: readonly string[], ending: string): readonly string[] {
  return names.filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));
}
