import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { Container, ContainerItem } from '../x509/container.js';
import { readContainer } from './read-container.js';

/** A file that was read, and what it is called in messages. */
export interface GivenFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What an import is made from: separate files, or one keystore. */
export type GivenFiles =
  | {
      readonly kind: 'files';
      readonly key: GivenFile;
      readonly certificate: GivenFile;
      readonly authorities: readonly GivenFile[];
      readonly passphrases: readonly Uint8Array[];
    }
  | {
      readonly kind: 'store';
      readonly store: GivenFile;
      /** The entry; null: the only one with a key. */
      readonly alias: string | null;
      readonly passphrases: readonly Uint8Array[];
    };

/** A key with the certificates that came with it, in any order. */
export interface ImportMaterial {
  readonly pkcs8: Uint8Array;
  readonly certificates: readonly Certificate[];
  /** The file, or the entry of the store, for messages. */
  readonly name: string;
}

/**
 * The key and the certificates in any form that can be told by content. Throws `unreadable`,
 * `wrong-passphrase` when the store or its key stays locked, `not-found` naming the entries when
 * there is none of that alias, `usage` when several could be meant.
 */
export async function readImportMaterial(
  ctx: Pick<FormatContext, 'containers'>,
  given: GivenFiles,
): Promise<ImportMaterial> {
  return given.kind === 'store' ? fromStore(ctx, given) : fromFiles(ctx, given);
}

async function fromFiles(
  ctx: Pick<FormatContext, 'containers'>,
  given: Extract<GivenFiles, { kind: 'files' }>,
): Promise<ImportMaterial> {
  const { passphrases } = given;
  const read = async (file: GivenFile): Promise<Container> =>
    readContainer(ctx, { ...file, passphrases });
  const key = onlyKey((await read(given.key)).items, given.key.name);
  const own = certificatesIn((await read(given.certificate)).items);
  if (own.length === 0) throw without(given.certificate.name, 'certificate');
  const certificates = [...own];
  for (const file of given.authorities) {
    const found = certificatesIn((await read(file)).items);
    if (found.length === 0) throw without(file.name, 'certificate');
    certificates.push(...found);
  }
  return { pkcs8: key, certificates, name: given.certificate.name };
}

async function fromStore(
  ctx: Pick<FormatContext, 'containers'>,
  given: Extract<GivenFiles, { kind: 'store' }>,
): Promise<ImportMaterial> {
  const { store, alias, passphrases } = given;
  const { items } = await readContainer(ctx, { ...store, passphrases });
  const isLocked = items.some(({ kind }) => kind === 'encrypted-key' || kind === 'encrypted-part');
  if (isLocked && passphrases.length === 0) {
    throw new ZmintError('wrong-passphrase', `${store.name} is locked, and no password was given`, {
      hint: 'give it in a file, with --passphrase-file FILE',
    });
  }
  const entries = items.filter(({ kind }) => kind === 'key' || kind === 'encrypted-key');
  const entry = chooseEntry(entries, store.name, alias);
  if (entry.kind !== 'key') {
    throw new ZmintError(
      'wrong-passphrase',
      `the key of the entry "${entry.alias ?? ''}" in ${store.name} has another passphrase than the store`,
      { hint: 'give it with -cp, or in a file with --key-passphrase-file' },
    );
  }
  return {
    pkcs8: entry.key.pkcs8,
    certificates: certificatesIn(items),
    name: entry.alias === null ? store.name : `${store.name}, entry "${entry.alias}"`,
  };
}

function chooseEntry(
  entries: readonly ContainerItem[],
  name: string,
  alias: string | null,
): ContainerItem {
  const names = entries.map((entry) => entry.alias ?? '(no name)').join(', ');
  const meant =
    alias === null
      ? entries
      : entries.filter((entry) => entry.alias?.toLowerCase() === alias.toLowerCase());
  const [entry, another] = meant;
  if (entries.length === 0) throw without(name, 'private key');
  if (entry === undefined) {
    throw new ZmintError('not-found', `${name} has no entry "${alias ?? ''}" with a key`, {
      hint: `-a with one of: ${names}`,
    });
  }
  if (another === undefined) return entry;
  throw new ZmintError('usage', `${name} has several entries with a key`, {
    hint: `-a with one of: ${names}`,
  });
}

function onlyKey(items: readonly ContainerItem[], name: string): Uint8Array {
  const keys = items.filter(({ kind }) => kind === 'key' || kind === 'encrypted-key');
  const [key, another] = keys;
  if (key === undefined) throw without(name, 'private key');
  if (another !== undefined)
    throw new ZmintError('usage', `${name} holds several private keys`, {
      hint: `zmint cert inspect ${name}`,
    });
  if (key.kind === 'key') return key.key.pkcs8;
  throw new ZmintError('wrong-passphrase', `the private key in ${name} is encrypted`, {
    hint: 'give its passphrase with -cp, or in a file with --key-passphrase-file',
  });
}

function certificatesIn(items: readonly ContainerItem[]): readonly Certificate[] {
  return items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate] : []));
}

function without(name: string, what: string): ZmintError {
  return new ZmintError('unreadable', `there is no ${what} in ${name}`, {
    hint: `zmint cert inspect ${name}`,
  });
}
