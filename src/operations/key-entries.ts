import { equalBytes } from '../encoding/bytes.js';
import { ZmintError } from '../errors.js';
import type { FormatContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { ContainerItem } from '../x509/container.js';
import { arrangeChains } from './arrange-chains.js';

/** A key with its certificates, as stores want them. */
export interface KeyEntry {
  readonly alias: string;
  readonly pkcs8: Uint8Array;
  /** That of the key first, then its issuers as far as they are there. */
  readonly chain: readonly Certificate[];
}

/** A certificate that belongs to no key. */
export interface CertificateEntry {
  readonly alias: string;
  readonly certificate: Certificate;
}

/** What goes into a PKCS#12 or JKS. */
export interface StoreEntries {
  readonly keys: readonly KeyEntry[];
  readonly certificates: readonly CertificateEntry[];
}

type CertificateItem = Extract<ContainerItem, { kind: 'certificate' }>;
type KeyItem = Extract<ContainerItem, { kind: 'key' }>;

/**
 * Orders certificates and keys into entries; `alias` names the one entry when given. Throws
 * `key-mismatch` when a key belongs to no certificate, `usage` when one alias is to name several.
 */
export function storeEntries(
  ctx: Pick<FormatContext, 'containers' | 'keys'>,
  items: readonly ContainerItem[],
  alias: string | undefined,
): StoreEntries {
  const certificates = items.filter((item) => item.kind === 'certificate');
  const keys = items.filter((item) => item.kind === 'key');
  const names = createNames(alias);
  const chains = arrangeChains(
    certificates.map(({ certificate }) => certificate),
    ctx.keys,
  );
  const entries = keys.map((key): KeyEntry => {
    const own = certificateOf(ctx, key, certificates);
    const first = certificates[own];
    const path = chains.find(({ members }) => members.includes(own))?.members ?? [own];
    const chain = path.slice(path.indexOf(own)).flatMap((member) => certificates[member] ?? []);
    return {
      alias: names(key.alias ?? first?.alias ?? commonName(first)),
      pkcs8: key.key.pkcs8,
      chain: chain.map(({ certificate }) => certificate),
    };
  });
  const used = new Set(entries.flatMap(({ chain }) => chain));
  const others = certificates.filter(({ certificate }) => !used.has(certificate));
  if (alias !== undefined && entries.length + (entries.length === 0 ? others.length : 0) > 1) {
    throw new ZmintError('usage', `--alias names one entry, and there are several`);
  }
  return {
    keys: entries,
    certificates: others.map((item) => ({
      alias: names(item.alias ?? commonName(item)),
      certificate: item.certificate,
    })),
  };
}

function certificateOf(
  { containers }: Pick<FormatContext, 'containers'>,
  { key, where }: KeyItem,
  certificates: readonly CertificateItem[],
): number {
  const spki = containers.publicKeyOf(key.pkcs8);
  const index = certificates.findIndex(
    ({ certificate }) => spki !== undefined && equalBytes(certificate.spki, spki),
  );
  if (index !== -1) return index;
  const place = where === '' ? '' : ` (${where})`;
  throw new ZmintError(
    'key-mismatch',
    `the private key${place} belongs to none of the certificates`,
    {
      hint: 'add the certificate of the key, or leave the key out with --only certificates',
    },
  );
}

function commonName(item: CertificateItem | undefined): string {
  const attributes = item?.certificate.subject.attributes ?? [];
  const name = attributes.findLast(({ type }) => type === 'CN')?.value ?? '';
  return name === '' ? 'certificate' : name;
}

/** Java tells aliases apart without regard to case; one that is taken gets a number. */
function createNames(first: string | undefined): (wanted: string) => string {
  const taken = new Set<string>();
  let asked = first;
  return (wanted) => {
    const base = asked ?? wanted;
    asked = undefined;
    let name = base;
    for (let number = 2; taken.has(name.toLowerCase()); number += 1) name = `${base} ${number}`;
    taken.add(name.toLowerCase());
    return name;
  };
}
