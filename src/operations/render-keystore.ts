import { readBer } from '../encoding/ber.js';
import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { FormatContext, ReadContext } from '../ports/context.js';
import type { KeystoreFiles, SetFiles } from '../ports/member-homes.js';
import { parseCertificate } from '../x509/certificate.js';
import type { ContainerItem } from '../x509/container.js';
import { readKeystore } from '../x509/jks.js';
import { readPfx, readSafeBags, readSafeParts } from '../x509/pkcs12.js';
import { KEYSTORE_FILE, KEYSTORE_FORMATS, type KeystoreShape } from '../zone/keystore.js';
import type { Member } from '../zone/member.js';
import type { StoreEntries } from './key-entries.js';
import { readContainer, type ContainerRequest } from './read-container.js';
import type { SetParts } from './set-files.js';
import { writeJks, writePkcs12 } from './write-stores.js';

/** A keystore that is to be written, or that was found. */
export interface HeldKeystore extends KeystoreShape {
  /** UTF-8 octets. */
  readonly passphrase: Uint8Array;
}

type RenderContext = Pick<FormatContext, 'containers' | 'digest' | 'keys' | 'random'>;

/**
 * The keystore for the next set of a member: as its live set has one, with the same format, alias
 * and password; nothing when it has none, or when the next set has no key. It belongs into every
 * set that is written for the member, so that a Java server switches with the rest. Throws `damaged`
 * when the live keystore cannot be read.
 */
export async function keystoreFiles(
  ctx: RenderContext & Pick<ReadContext, 'homes'>,
  { name, home }: { readonly name: string; readonly home: string },
  parts: SetParts,
): Promise<KeystoreFiles> {
  if (parts.pkcs8 === null) return {};
  const held = heldKeystore(await ctx.homes.readKeystore(home), name);
  return held === undefined ? {} : renderKeystore(ctx, held, parts);
}

/** The files of a member's next set, with its keystore when it has one: only satellites can. */
export async function withKeystore<Files extends SetFiles>(
  ctx: RenderContext & Pick<ReadContext, 'homes'>,
  to: { readonly member: Member; readonly home: string; readonly files: Files },
  parts: SetParts,
): Promise<Files> {
  const { member, home, files } = to;
  if (member.kind !== 'satellite') return files;
  return { ...files, ...(await keystoreFiles(ctx, { name: member.name, home }, parts)) };
}

/** The keystore among the files of a server's live set; undefined when there is none. Throws `damaged`. */
export function heldKeystore(files: KeystoreFiles, name: string): HeldKeystore | undefined {
  const format = KEYSTORE_FORMATS.find((one) => files[KEYSTORE_FILE[one]] !== undefined);
  const passphrase = files['keystore.pass'];
  const bytes = format === undefined ? undefined : files[KEYSTORE_FILE[format]];
  if (format === undefined || bytes === undefined || passphrase === undefined) return undefined;
  try {
    const alias = format === 'jks' ? aliasInJks(bytes) : aliasInPkcs12(bytes);
    if (alias !== undefined) return { format, alias, passphrase };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'unreadable') throw error;
  }
  const file = KEYSTORE_FILE[format];
  throw new ZmintError('damaged', `the live ${file} of ${name} cannot be read`, {
    hint: `zmint asr ${name} --keystore ${format} --keystore-passphrase-file FILE`,
  });
}

function aliasInJks(bytes: Uint8Array): string | undefined {
  return readKeystore(bytes).entries.find(({ content }) => content.kind === 'key')?.alias;
}

/** The names of keys stand in clear: no passphrase and no derivation is needed. */
function aliasInPkcs12(bytes: Uint8Array): string | undefined {
  const { authenticatedSafe } = readPfx(readBer(bytes));
  for (const part of readSafeParts(authenticatedSafe)) {
    const bags = part.kind === 'clear' ? readSafeBags(part.contents) : [];
    const key = bags.find(({ content }) => content.kind === 'shrouded');
    if (typeof key?.alias === 'string') return key.alias;
  }
  return undefined;
}

/**
 * A keystore with the key and its chain under the alias, and the roots beside it, opened again by
 * its password before it is given to anybody.
 */
export async function renderKeystore(
  ctx: RenderContext,
  held: HeldKeystore,
  parts: SetParts,
): Promise<KeystoreFiles> {
  const { pkcs8 } = parts;
  if (pkcs8 === null) throw new ZmintError('bug', 'a keystore takes a key');
  const chain = parts.chain.map((der) => parseCertificate(der));
  const roots = parts.trust.map((der) => parseCertificate(der));
  const entries: StoreEntries = {
    keys: [{ alias: held.alias, pkcs8, chain }],
    certificates: roots.map((certificate, index) => ({
      alias: rootAlias(held.alias, index),
      certificate,
    })),
  };
  const { format, passphrase } = held;
  const bytes =
    format === 'jks'
      ? writeJks(ctx, entries, { passphrase, now: chain[0]?.notBefore ?? 0 })
      : await writePkcs12(ctx, entries, { passphrase, legacy: false });
  const files = { [KEYSTORE_FILE[format]]: bytes, 'keystore.pass': passphrase };
  await requireKeystore(ctx, files, parts);
  return files;
}

/** An alias of its own for each root, whatever the entry with the key is called. */
function rootAlias(alias: string, index: number): string {
  const name = `zone-root-${index + 1}`;
  return name === alias.toLowerCase() ? `${name}-ca` : name;
}

/**
 * Throws `damaged` unless the keystore opens by the password beside it and holds the key and the
 * chain of the set; nothing is checked where there is none.
 */
export async function requireKeystore(
  ctx: Pick<FormatContext, 'containers'>,
  files: KeystoreFiles,
  parts: Pick<SetParts, 'chain' | 'pkcs8'>,
): Promise<void> {
  const bytes = files['server.jks'] ?? files['server.p12'];
  const passphrase = files['keystore.pass'];
  if (bytes === undefined || passphrase === undefined || parts.pkcs8 === null) return;
  const name = files['server.jks'] === undefined ? 'server.p12' : 'server.jks';
  const items = await openBeside(ctx, { bytes, name, passphrases: [passphrase] });
  const keys = items.flatMap((item) => (item.kind === 'key' ? [item.key.pkcs8] : []));
  const ders = items.flatMap((item) => (item.kind === 'certificate' ? [item.certificate.der] : []));
  const hasKey = keys.length === 1 && equalBytes(keys[0] ?? new Uint8Array(), parts.pkcs8);
  const hasChain = parts.chain.every((der) => ders.some((found) => equalBytes(found, der)));
  if (hasKey && hasChain) return;
  throw new ZmintError('damaged', `${name} does not hold the key and the chain of its set`);
}

async function openBeside(
  ctx: Pick<FormatContext, 'containers'>,
  request: ContainerRequest,
): Promise<readonly ContainerItem[]> {
  try {
    return (await readContainer(ctx, request)).items;
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    const fact = `${request.name} does not open by the keystore.pass beside it`;
    throw new ZmintError('damaged', fact, { cause: error });
  }
}
