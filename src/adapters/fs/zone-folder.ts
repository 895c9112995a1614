import { isUtf8 } from 'node:buffer';
import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { ZoneFolder } from '../../ports/zone-folder.js';
import {
  placeFolder,
  replaceFiles,
  sameBytes,
  sweepLeftovers,
  type NamedFiles,
} from './durable-write.js';
import { SafeFolders } from './safe-folders.js';
import { settle } from './settle.js';
import type { ZoneFs } from './zone-fs.js';

const TRUST = 'cacerts.pem';
const SETTINGS = 'settings.json';
const GUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/u;
/** What zmint itself writes into `crl`. */
const CRL_NAME = /^(?:generation-\d+\.(?:crl|pem)|bundle\.pem)$/u;
const FILE_NAME = /^[A-Za-z\d][\w.-]{0,63}$/u;

/** The zone home's own folders, made by `prepareZoneHome`. */
export class FileZoneFolder implements ZoneFolder {
  readonly #fs: ZoneFs;
  readonly #folders: SafeFolders;

  constructor(fs: ZoneFs, zoneHome: string) {
    this.#fs = fs;
    this.#folders = new SafeFolders(fs, zoneHome);
  }

  publishTrust(pem: Uint8Array): Promise<void> {
    return settle(() => {
      const folder = this.#folders.zone('truststore');
      const present = this.#folders.readFile(join(folder, TRUST), 'public')?.bytes;
      if (present === undefined || !sameBytes(present, pem)) {
        replaceFiles(this.#fs, folder, { [TRUST]: pem });
        return;
      }
      // The run that wrote it may have died before the sync.
      this.#fs.syncFolder(folder);
    });
  }

  readTrust(): Promise<Uint8Array | undefined> {
    return settle(() => {
      const folder = this.#folders.zone('truststore');
      return this.#folders.readFile(join(folder, TRUST), 'public')?.bytes;
    });
  }

  readSettings(): Promise<string | undefined> {
    return settle(() => {
      const path = join(this.#folders.zone(), SETTINGS);
      const bytes = this.#folders.readFile(path, 'public')?.bytes;
      return bytes === undefined ? undefined : textOf(bytes, path);
    });
  }

  publishCrls(files: NamedFiles): Promise<string> {
    return settle(() => {
      const bad = Object.keys(files).find(isBad);
      if (bad !== undefined)
        throw new ZmintError('unsafe-path', `"${bad}" cannot be a name in crl`);
      const folder = this.#folders.ensureZone('crl');
      sweepLeftovers(this.#fs, folder);
      const present = (name: string): Uint8Array | undefined =>
        this.#folders.readFile(join(folder, name), 'crls')?.bytes;
      const changed = Object.entries(files).filter(([name, bytes]) => {
        const old = present(name);
        return old === undefined || !sameBytes(old, bytes);
      });
      replaceFiles(this.#fs, folder, Object.fromEntries(changed));
      const gone = (this.#fs.list(folder) ?? []).filter(
        (name) => CRL_NAME.test(name) && files[name] === undefined,
      );
      for (const name of gone) this.#fs.removeFile(join(folder, name));
      this.#fs.syncFolder(folder);
      return folder;
    });
  }

  writeUpdate(guid: string, files: NamedFiles): Promise<string> {
    return settle(() => {
      const bad = [GUID.test(guid) ? [] : [guid], Object.keys(files).filter(isBad)].flat()[0];
      if (bad !== undefined) {
        throw new ZmintError('unsafe-path', `"${bad}" cannot be a name in updates`);
      }
      const folder = this.#folders.zone('updates');
      this.#folders.findZone('updates', guid);
      placeFolder(this.#fs, folder, guid, files);
      return join(folder, guid);
    });
  }
}

function textOf(bytes: Uint8Array, path: string): string {
  if (isUtf8(bytes)) return Buffer.from(bytes).toString('utf8');
  throw new ZmintError('unreadable', `${path} is not UTF-8 text`, {
    hint: `mend ${path}, or move it away: without it the defaults hold`,
    details: { path },
  });
}

function isBad(name: string): boolean {
  return !FILE_NAME.test(name);
}
