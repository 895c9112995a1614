import { concatBytes } from '../encoding/bytes.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import { encodePem } from '../encoding/pem.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';
import type { Passphrase } from '../ports/container-crypto.js';
import type { FormatContext } from '../ports/context.js';
import type { ContainerItem } from '../x509/container.js';
import { writePkcs7 } from '../x509/pkcs7.js';
import type { Instant } from '../zone/instant.js';
import { keyBlock, type Block } from './key-block.js';
import { storeEntries } from './key-entries.js';
import { writeJks, writePkcs12 } from './write-stores.js';

/** What files are written as. */
export const TARGETS = ['pem', 'der', 'p7b', 'p12', 'jks'] as const;
export type Target = (typeof TARGETS)[number];

/** A file to be written. */
export interface Conversion {
  readonly items: readonly ContainerItem[];
  readonly to: Target;
  readonly alias: string | undefined;
  readonly legacy: boolean;
  /** Null: keys stand in clear; impossible in JKS, and in PKCS#12 only an empty one. */
  readonly passphrase: Passphrase;
  readonly now: Instant;
}

/** Whether the file would have private keys, and must be nobody else's. */
export function hasKeys(items: readonly ContainerItem[]): boolean {
  return items.some(({ kind }) => kind === 'key' || kind === 'encrypted-key');
}

type Kind = ContainerItem['kind'];

const HOLDS: Readonly<Record<Target, readonly Kind[]>> = {
  pem: ['certificate', 'request', 'crl', 'key', 'public-key'],
  der: ['certificate', 'request', 'crl', 'key', 'public-key'],
  p7b: ['certificate', 'crl'],
  p12: ['certificate', 'key'],
  jks: ['certificate', 'key'],
};

const WORDS: Readonly<Record<Kind, string>> = {
  certificate: 'a certificate',
  request: 'a signing request',
  crl: 'a revocation list',
  key: 'a private key',
  'public-key': 'a public key',
  'encrypted-key': 'an encrypted key',
  'encrypted-part': 'an encrypted part',
  damaged: 'something damaged',
  other: 'something that zmint cannot convert',
};

/**
 * Throws unless the target holds every one of the items: nothing is lost in silence. `wrong-passphrase`
 * for what is still encrypted, `policy` for all else.
 */
export function requireLossless(items: readonly ContainerItem[], to: Target): void {
  if (items.length === 0) throw refusal('there is nothing to convert');
  for (const { kind, where } of items) {
    if (kind === 'encrypted-key' || kind === 'encrypted-part') {
      throw new ZmintError('wrong-passphrase', `${at(where)}${WORDS[kind]} is still locked`, {
        hint: 'give its passphrase with --passphrase-file FILE or --key-passphrase-file FILE',
      });
    }
    if (!HOLDS[to].includes(kind)) throw refusal(`${at(where)}${to} cannot hold ${WORDS[kind]}`);
  }
  if (to === 'der' && items.length > 1) {
    throw refusal(`der holds one thing, and there are ${items.length}`);
  }
}

type Writer = (ctx: FormatContext, conversion: Conversion) => Promise<Uint8Array>;

const WRITERS: Readonly<Record<Target, Writer>> = {
  pem: async (ctx, { items, passphrase }) => {
    const blocks: string[] = [];
    for (const item of items) {
      const { label, der } = await blockOf(ctx, item, passphrase);
      blocks.push(encodePem(label, der));
    }
    return encodeUtf8(blocks.join(''));
  },
  der: async (ctx, { items, passphrase }) => {
    const parts: Uint8Array[] = [];
    for (const item of items) parts.push((await blockOf(ctx, item, passphrase)).der);
    return concatBytes(parts);
  },
  p7b: async (_ctx, { items }) => Promise.resolve(pkcs7Pem(items)),
  p12: async (ctx, { items, alias, passphrase, legacy }) => {
    const entries = storeEntries(ctx, items, alias);
    const needed = entries.keys.length > 0 ? (passphrase ?? new Uint8Array()) : passphrase;
    return writePkcs12(ctx, entries, { passphrase: needed, legacy });
  },
  jks: async (ctx, { items, alias, passphrase, now }) => {
    if (passphrase === null) throw refusal('a Java keystore cannot do without a passphrase');
    return Promise.resolve(writeJks(ctx, storeEntries(ctx, items, alias), { passphrase, now }));
  },
};

/** The file's bytes. Throws as `requireLossless` and `storeEntries` do. */
export async function convertContainer(
  ctx: FormatContext,
  conversion: Conversion,
): Promise<Uint8Array> {
  requireLossless(conversion.items, conversion.to);
  return WRITERS[conversion.to](ctx, conversion);
}

async function blockOf(
  ctx: FormatContext,
  item: ContainerItem,
  passphrase: Passphrase,
): Promise<Block> {
  switch (item.kind) {
    case 'certificate':
      return { label: 'CERTIFICATE', der: item.certificate.der };
    case 'request':
      return { label: 'CERTIFICATE REQUEST', der: item.request.der };
    case 'crl':
      return { label: 'X509 CRL', der: item.crl.der };
    case 'public-key':
      return { label: 'PUBLIC KEY', der: item.spki };
    case 'key':
      return keyBlock(ctx, item.key.pkcs8, passphrase);
    case 'encrypted-key':
    case 'encrypted-part':
    case 'damaged':
    case 'other':
      throw new ZmintError('bug', `${item.kind} is never written`);
  }
}

function pkcs7Pem(items: readonly ContainerItem[]): Uint8Array {
  const certificates = items.flatMap((item) =>
    item.kind === 'certificate' ? [item.certificate.der] : [],
  );
  const crls = items.flatMap((item) => (item.kind === 'crl' ? [item.crl.der] : []));
  return encodePemOctets('PKCS7', writePkcs7(certificates, crls));
}

function at(where: string): string {
  return where === '' ? '' : `${where}: `;
}

function refusal(fact: string): ZmintError {
  return new ZmintError('policy', fact, {
    hint: 'choose another format with --to, or say what is wanted with --only certificates, leaf or keys',
  });
}
