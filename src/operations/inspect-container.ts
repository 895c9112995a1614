import type { FormatContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import type { Container, ContainerItem } from '../x509/container.js';
import { findWeaknesses, type Weakness } from '../x509/find-weaknesses.js';
import type { Instant } from '../zone/instant.js';
import { arrangeChains, type ArrangedChain } from './arrange-chains.js';

/** Digests over a certificate and its key, lower-case hexadecimal. */
export interface Fingerprints {
  readonly sha256: string;
  readonly sha1: string;
  readonly md5: string;
  readonly spkiSha256: string;
}

/** One thing in a file with what can be said about it. */
export interface InspectedItem {
  readonly item: ContainerItem;
  /** Of certificates; null for all else. */
  readonly fingerprints: Fingerprints | null;
  /** SHA-256 of the SubjectPublicKeyInfo, where a key is known. */
  readonly spkiSha256: string | null;
  /** Positions of the items with the same key: the keys of a certificate, the certificates of a key. */
  readonly matches: readonly number[];
  readonly weaknesses: readonly Weakness[];
}

/** What is in a file, judged at an instant. */
export interface Inspection {
  readonly format: Container['format'];
  readonly notes: readonly string[];
  readonly items: readonly InspectedItem[];
  /** Members are positions in `items`. */
  readonly chains: readonly ArrangedChain[];
}

/** Says everything about the content of a file. Never throws for what a certificate says. */
export function inspectContainer(
  ctx: FormatContext,
  { format, items, notes }: Container,
  now: Instant,
): Inspection {
  const hashes = items.map((item) => spkiHash(ctx, item));
  const certificates = items.flatMap((item, index) =>
    item.kind === 'certificate' ? [{ index, certificate: item.certificate }] : [],
  );
  const chains = arrangeChains(
    certificates.map(({ certificate }) => certificate),
    ctx.keys,
  );
  return {
    format,
    notes,
    items: items.map((item, index) => ({
      item,
      fingerprints: item.kind === 'certificate' ? fingerprints(ctx, item.certificate) : null,
      spkiSha256: hashes[index] ?? null,
      matches: matchesOf(index, items, hashes),
      weaknesses: weaknessesOf(ctx, item, now),
    })),
    chains: chains.map(({ members, end }) => ({
      members: members.map((member) => certificates[member]?.index ?? member),
      end,
    })),
  };
}

function fingerprints({ digest }: FormatContext, { der, spki }: Certificate): Fingerprints {
  return {
    sha256: digest.sha256(der),
    sha1: digest.sha1(der),
    md5: digest.md5(der),
    spkiSha256: digest.sha256(spki),
  };
}

function spkiHash({ containers, digest }: FormatContext, item: ContainerItem): string | null {
  const spki = spkiOf(containers, item);
  return spki === undefined ? null : digest.sha256(spki);
}

function spkiOf(
  containers: FormatContext['containers'],
  item: ContainerItem,
): Uint8Array | undefined {
  switch (item.kind) {
    case 'certificate':
      return item.certificate.spki;
    case 'request':
      return item.request.spki;
    case 'public-key':
      return item.spki;
    case 'key':
      return containers.publicKeyOf(item.key.pkcs8);
    case 'crl':
    case 'encrypted-key':
    case 'encrypted-part':
    case 'damaged':
    case 'other':
      return undefined;
  }
}

/** A key is listed beside what it belongs to, and the other way round; certificates not beside each other. */
function matchesOf(
  index: number,
  items: readonly ContainerItem[],
  hashes: readonly (string | null)[],
): readonly number[] {
  const own = hashes[index] ?? null;
  if (own === null) return [];
  const isKey = items[index]?.kind === 'key';
  return items.flatMap((other, at) => {
    const pairs = at !== index && (other.kind === 'key') !== isKey;
    return pairs && hashes[at] === own ? [at] : [];
  });
}

function weaknessesOf(
  { keys, containers }: FormatContext,
  item: ContainerItem,
  now: Instant,
): readonly Weakness[] {
  if (item.kind === 'certificate') return findWeaknesses(item.certificate, now);
  if (item.kind === 'damaged') return [{ code: 'damaged', words: item.reason }];
  if (item.kind === 'request') {
    const { spki, signatureAlgorithm, info, signature } = item.request;
    if (keys.verify(spki, signatureAlgorithm, info, signature)) return [];
    return [{ code: 'bad-signature', words: 'its own signature cannot be confirmed' }];
  }
  if (item.kind === 'key' && containers.publicKeyOf(item.key.pkcs8) === undefined) {
    return [{ code: 'unusable-key', words: 'the key cannot be used' }];
  }
  if (item.kind !== 'crl') return [];
  const { nextUpdate } = item.crl;
  if (nextUpdate === null || nextUpdate >= now) return [];
  return [{ code: 'outdated', words: 'a newer list should have come' }];
}
