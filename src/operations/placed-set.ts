import { ZmintError } from '../errors.js';
import { findChain } from '../path/check-chain.js';
import type { ReadContext } from '../ports/context.js';
import type { RepoFiles, SetFiles } from '../ports/member-homes.js';
import type { Certificate } from '../x509/certificate.js';
import { readCertificates } from '../x509/read-certificates.js';
import { dnsPatternCovers } from '../zone/dns-name.js';
import type { Instant } from '../zone/instant.js';
import { SERVER_AUTH } from './issue-certificate.js';

/** How long files of a person must have rested before they are read (`zone.md`). */
export const STABLE_SECONDS = 5;

/** A set that a person put into a remint-repo, copied and checked. */
export interface PlacedSet {
  readonly leaf: Certificate;
  /** Behind the leaf, without the root. */
  readonly intermediates: readonly Certificate[];
  readonly pkcs8: Uint8Array;
}

export interface PlacedDemand {
  readonly serverName: string;
  /** Where the set is, for messages; the remint-repo of the server when it is not said. */
  readonly where?: string;
  readonly dnsName: string;
  readonly anchors: readonly Certificate[];
  /** Cross-certificates that may stand in the path. */
  readonly known: readonly Certificate[];
  readonly at: Instant;
}

/** Whether a repo holds something of a person: anything but what zmint itself wrote there. */
export function isPlacedByHand(
  ctx: ReadContext,
  repo: RepoFiles,
  own: SetFiles | undefined,
): boolean {
  const sha = (bytes: Uint8Array | undefined): string =>
    bytes === undefined ? '' : ctx.digest.sha256(bytes);
  const ownFiles = new Set([sha(own?.['server.cer']), sha(own?.['key.der'])]);
  const files = [...repo.certificates, ...(repo.key === undefined ? [] : [repo.key])];
  return files.some((file) => !ownFiles.has(sha(file.bytes)));
}

/** Whether the person may still be at it: a file has changed within the last five seconds. */
export function isFresh(repo: RepoFiles): boolean {
  const files = [...repo.certificates, ...(repo.key === undefined ? [] : [repo.key])];
  return files.some((file) => file.ageMs < STABLE_SECONDS * 1000);
}

/**
 * Checks a person's set (I-24). Throws `unreadable`, `key-mismatch`, `chain-untrusted`,
 * `not-valid-then` or `policy`, naming the server and the fact; nothing is changed.
 */
export async function checkPlacedSet(
  ctx: ReadContext,
  repo: RepoFiles,
  demand: PlacedDemand,
): Promise<PlacedSet> {
  const where = demand.where ?? `the remint-repo of ${demand.serverName}`;
  if (repo.key === undefined || repo.certificates.length === 0) {
    const missing = repo.key === undefined ? 'key.der' : 'server.cer';
    throw new ZmintError('unreadable', `${where} has no ${missing}`, {
      hint: 'place both files, or remove both',
    });
  }
  const pair = await ctx.keys.pairOf(repo.key.bytes);
  const all = repo.certificates.flatMap((file) =>
    readCertificates(file.bytes, `${where}: ${file.name}`),
  );
  const leaf = leafOf(ctx, all, pair.spki, where);
  const problem = leafProblem(leaf, demand.dnsName);
  if (problem !== undefined)
    throw new ZmintError('policy', `${where}: ${problem}`, {
      hint: 'ask the CA for another certificate',
    });
  const found = findChain({
    leaf,
    intermediates: [...all.filter((one) => one !== leaf), ...demand.known],
    anchors: demand.anchors,
    at: demand.at,
    verify: (spki, algorithm, data, signature) => ctx.keys.verify(spki, algorithm, data, signature),
  });
  if (found.path === undefined) {
    const [first] = found.problems;
    throw new ZmintError(first.code, `${where}: ${first.message}`, {
      hint: 'place the complete chain',
    });
  }
  return { leaf, intermediates: found.path.slice(1, -1), pkcs8: pair.pkcs8 };
}

/** The certificate that the key was made for. */
function leafOf(
  ctx: ReadContext,
  all: readonly Certificate[],
  spki: Uint8Array,
  where: string,
): Certificate {
  const own = all.filter((one) => ctx.digest.sha256(one.spki) === ctx.digest.sha256(spki));
  const leaf = own.find((one) => !one.isCa);
  if (leaf !== undefined) return leaf;
  if (own.length > 0) {
    throw new ZmintError('policy', `${where}: the certificate is that of a CA, not of a server`, {
      hint: 'place a certificate with CA:FALSE',
    });
  }
  throw new ZmintError(
    'key-mismatch',
    `${where}: the key belongs to none of the certificates there`,
    { hint: 'place the key that the certificate was made for' },
  );
}

function leafProblem(leaf: Certificate, dnsName: string): string | undefined {
  if (!leaf.dnsNames.some((pattern) => dnsPatternCovers(pattern.toLowerCase(), dnsName))) {
    return `the certificate is not for ${dnsName} (${leaf.dnsNames.join(', ') || 'no DNS name'})`;
  }
  if (leaf.extendedKeyUsage !== null && !leaf.extendedKeyUsage.includes(SERVER_AUTH)) {
    return 'the certificate is not for server authentication';
  }
  if (/^rsa:(?:512|768|1024|1536)$/u.test(leaf.key)) return `the key is weak (${leaf.key})`;
  return undefined;
}
