import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { CaKeyIdentity, CaKeyPlace, KeyVault, Unlock } from '../../ports/key-vault.js';
import type { Keys, Signer } from '../../ports/keys.js';
import {
  freshName,
  removePlacedFolder,
  replaceFiles,
  requireSame,
  writeFresh,
} from './durable-write.js';
import { findGeneration, generationName } from './generation-number.js';
import { deriveKey, freshBytes, freshScrypt, lockKey, unlockKey } from './key-cipher.js';
import { parseKeyEnvelope, renderKeyEnvelope, type Kdf, type KeyEnvelope } from './key-envelope.js';
import { SafeFolders } from './safe-folders.js';
import { settle } from './settle.js';
import { shellWord } from '../../zone/shell-word.js';
import { UnlockFile } from './unlock-file.js';
import type { ZoneFs } from './zone-fs.js';

const AUTHORITY = 'certificate-authority';
const KEY_FILE = 'key.enc';
const CERTIFICATE = 'ca.cert';
const WORK_FACTOR = 2 ** 17;

export interface KeyVaultOptions {
  readonly fs: ZoneFs;
  /** Absolute path of the zone home. */
  readonly zoneHome: string;
  readonly keys: Keys;
  /** N of scrypt for what is sealed from now on, a power of two from 2^15 to 2^20; 2^17 when not given. */
  readonly workFactor?: number;
}

/** CA keys as files; the format is that of `docs/reference/key-file.md`. */
export class FileKeyVault implements KeyVault {
  readonly #fs: ZoneFs;
  readonly #keys: Keys;
  readonly #workFactor: number;
  readonly #folders: SafeFolders;
  readonly #unlockFile: UnlockFile;

  constructor(options: KeyVaultOptions) {
    this.#fs = options.fs;
    this.#keys = options.keys;
    this.#workFactor = options.workFactor ?? WORK_FACTOR;
    this.#folders = new SafeFolders(options.fs, options.zoneHome);
    this.#unlockFile = new UnlockFile(options.fs, this.#folders);
  }

  async seal(
    place: CaKeyPlace,
    pkcs8: Uint8Array,
    identity: CaKeyIdentity,
    unlock: Unlock,
  ): Promise<void> {
    await this.#requireOwnKey(pkcs8, identity);
    const name = generationName(place.generation);
    const folder = this.#folders.ensure(place.home, AUTHORITY, name);
    this.#requireNoOther(join(folder, KEY_FILE), identity);
    const bytes = renderKeyEnvelope(await this.#lock(pkcs8, identity, unlock));
    const fresh = join(folder, freshName(KEY_FILE));
    try {
      writeFresh(this.#fs, folder, KEY_FILE, bytes);
      // Proved before it takes its name: what is there must always be a key that opens.
      await this.#prove(fresh, identity, unlock);
      this.#fs.rename(fresh, join(folder, KEY_FILE));
      this.#fs.syncFolder(folder);
    } catch (error) {
      this.#removeQuietly(fresh);
      throw error;
    }
    requireSame(this.#fs, join(folder, KEY_FILE), bytes);
  }

  async open(place: CaKeyPlace, identity: CaKeyIdentity, unlock: Unlock): Promise<Signer> {
    return this.#open(this.#find(place), identity, unlock);
  }

  lockedBy(place: CaKeyPlace, identity: CaKeyIdentity): Promise<Unlock['kind']> {
    return settle(() => {
      const path = this.#find(place);
      const envelope = this.#envelope(path);
      requireIdentity(envelope, identity, path);
      const { kdf } = envelope.header;
      return kdf.name === 'scrypt' ? 'passphrase' : 'no-passphrase';
    });
  }

  async copy(
    from: CaKeyPlace,
    to: CaKeyPlace,
    identity: CaKeyIdentity,
    unlock: Unlock,
  ): Promise<void> {
    const pkcs8 = await this.#read(this.#find(from), identity, unlock);
    try {
      await this.seal(to, pkcs8, identity, unlock);
    } finally {
      pkcs8.fill(0);
    }
  }

  list(home: string): Promise<readonly number[]> {
    return settle(() => {
      const folder = this.#folders.find(home, AUTHORITY);
      if (folder === undefined) return [];
      return (this.#fs.list(folder) ?? [])
        .flatMap((name) => findGeneration(name) ?? [])
        .filter((number) => this.#hasKey(home, number))
        .sort((a, b) => a - b);
    });
  }

  discard(place: CaKeyPlace): Promise<void> {
    return settle(() => {
      const name = generationName(place.generation);
      const folder = this.#folders.find(place.home, AUTHORITY);
      if (folder === undefined) return;
      // A link or file in place of the generation is refused here.
      this.#folders.find(place.home, AUTHORITY, name);
      removePlacedFolder(this.#fs, folder, name);
    });
  }

  publishCertificate(place: CaKeyPlace, pem: Uint8Array): Promise<void> {
    return settle(() => {
      const name = generationName(place.generation);
      const folder = this.#folders.ensure(place.home, AUTHORITY, name);
      replaceFiles(this.#fs, folder, { [CERTIFICATE]: pem });
    });
  }

  #find(place: CaKeyPlace): string {
    const name = generationName(place.generation);
    const folder = this.#folders.find(place.home, AUTHORITY, name);
    if (folder !== undefined) return join(folder, KEY_FILE);
    throw missing(join(place.home, AUTHORITY, name, KEY_FILE));
  }

  #hasKey(home: string, generation: number): boolean {
    const folder = this.#folders.find(home, AUTHORITY, generationName(generation));
    return folder !== undefined && this.#fs.inspect(join(folder, KEY_FILE)) !== undefined;
  }

  async #requireOwnKey(pkcs8: Uint8Array, identity: CaKeyIdentity): Promise<void> {
    const signer = await this.#keys.signer(pkcs8);
    const isOwn = spkiSha256(signer.spki) === identity.spkiSha256;
    signer.close();
    if (isOwn) return;
    throw new ZmintError('key-mismatch', 'the CA key to be locked is not that of its certificate');
  }

  #requireNoOther(path: string, identity: CaKeyIdentity): void {
    const content = this.#folders.readFile(path, 'secret');
    if (content === undefined) return;
    const { header } = parseKeyEnvelope(content.bytes, path);
    if (header.zoneId === identity.zoneId && header.spkiSha256 === identity.spkiSha256) return;
    throw new ZmintError('damaged', `${path} holds another CA key already`, {
      hint: `look whose it is: ls -l ${shellWord(path)}`,
      details: { path },
    });
  }

  async #lock(pkcs8: Uint8Array, identity: CaKeyIdentity, unlock: Unlock): Promise<KeyEnvelope> {
    const { zoneId, spkiSha256: spki } = identity;
    const kdf: Kdf =
      unlock.kind === 'passphrase' ? freshScrypt(this.#workFactor) : { name: 'file' };
    if (kdf.name === 'file') this.#unlockFile.ensure();
    const key = await this.#deriveKey(kdf, unlock);
    const header = { kdf, nonce: freshBytes(12), spkiSha256: spki, zoneId };
    try {
      return lockKey(pkcs8, header, key);
    } finally {
      key.fill(0);
    }
  }

  async #prove(path: string, identity: CaKeyIdentity, unlock: Unlock): Promise<void> {
    const signer = await this.#open(path, identity, unlock);
    const test = freshBytes(32);
    const signature = await signer.sign(test);
    const isGood = this.#keys.verify(signer.spki, signer.algorithm, test, signature);
    signer.close();
    if (isGood) return;
    throw new ZmintError('damaged', `the key in ${path} makes signatures that do not verify`);
  }

  #envelope(path: string): KeyEnvelope {
    const content = this.#folders.readFile(path, 'secret');
    if (content === undefined) throw missing(path);
    return parseKeyEnvelope(content.bytes, path);
  }

  /** The PKCS#8, to be wiped. */
  async #read(path: string, identity: CaKeyIdentity, unlock: Unlock): Promise<Uint8Array> {
    const envelope = this.#envelope(path);
    requireIdentity(envelope, identity, path);
    return this.#unlock(envelope, unlock, path);
  }

  async #open(path: string, identity: CaKeyIdentity, unlock: Unlock): Promise<Signer> {
    const pkcs8 = await this.#read(path, identity, unlock);
    try {
      return await this.#signer(pkcs8, identity, path);
    } finally {
      pkcs8.fill(0);
    }
  }

  async #signer(pkcs8: Uint8Array, identity: CaKeyIdentity, path: string): Promise<Signer> {
    const signer = await this.#keys.signer(pkcs8);
    if (spkiSha256(signer.spki) === identity.spkiSha256) return signer;
    signer.close();
    throw new ZmintError('damaged', `the key in ${path} is not the one that it is said to be`, {
      hint: 'put it back from a backup of the zone',
      details: { path },
    });
  }

  async #unlock(envelope: KeyEnvelope, unlock: Unlock, path: string): Promise<Uint8Array> {
    const { kdf } = envelope.header;
    requireSameKind(kdf, unlock, path);
    const key = await this.#deriveKey(kdf, unlock);
    const pkcs8 = unlockAndForget(envelope, key);
    if (pkcs8 !== undefined) return pkcs8;
    if (kdf.name === 'scrypt') throw wrongPassphrase(path, 'the passphrase does not open');
    throw new ZmintError(
      'damaged',
      `${this.#unlockFile.path()} is not the file that opens ${path}`,
      {
        hint: 'put ca.unlock back from a backup of the zone home',
        details: { path },
      },
    );
  }

  async #deriveKey(kdf: Kdf, unlock: Unlock): Promise<Uint8Array> {
    if (unlock.kind === 'passphrase') return deriveKey(kdf, unlock.bytes);
    const secret = this.#unlockFile.read();
    try {
      return await deriveKey(kdf, secret);
    } finally {
      secret.fill(0);
    }
  }

  #removeQuietly(path: string): void {
    try {
      this.#fs.removeFile(path);
    } catch {
      // The error that is thrown already says more; the next sealing replaces the leftover.
    }
  }
}

function requireIdentity(envelope: KeyEnvelope, identity: CaKeyIdentity, path: string): void {
  const { zoneId, spkiSha256: spki } = envelope.header;
  if (zoneId === identity.zoneId && spki === identity.spkiSha256) return;
  const owner = zoneId === identity.zoneId ? 'another CA certificate' : 'another zone';
  throw new ZmintError('damaged', `the key file ${path} belongs to ${owner}`, {
    hint: 'put the right one back from a backup of the zone',
    details: { path, zoneId },
  });
}

function unlockAndForget(envelope: KeyEnvelope, key: Uint8Array): Uint8Array | undefined {
  try {
    return unlockKey(envelope, key);
  } finally {
    key.fill(0);
  }
}

function requireSameKind(kdf: Kdf, unlock: Unlock, path: string): void {
  if ((kdf.name === 'scrypt') === (unlock.kind === 'passphrase')) return;
  if (kdf.name === 'scrypt') throw wrongPassphrase(path, 'only a passphrase opens');
  throw wrongPassphrase(path, 'ca.unlock, not a passphrase, opens');
}

function wrongPassphrase(path: string, fact: string): ZmintError {
  return new ZmintError('wrong-passphrase', `${fact} the key file ${path}`, {
    hint: 'run the command again with the passphrase of the CA; nothing was changed',
    details: { path },
  });
}

function missing(path: string): ZmintError {
  return new ZmintError('not-found', `the key file ${path} is not there`, {
    hint: 'put it back from a backup of the zone',
    details: { path },
  });
}

function spkiSha256(spki: Uint8Array): string {
  return createHash('sha256').update(spki).digest('hex');
}
