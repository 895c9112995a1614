import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { RepoFile } from '../ports/member-homes.js';
import type { Certificate } from '../x509/certificate.js';
import { readCertificates } from '../x509/read-certificates.js';
import type { Instant } from '../zone/instant.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { ImportSet } from './import-plan.js';
import type { ImportTarget } from './import-target.js';
import { refuseSharedKey } from './key-history.js';
import { holdsForeign, ownRepoSets } from './own-repo.js';
import { checkPlacedSet } from './placed-set.js';
import { plannedImport } from './planned-import.js';
import { pemBundle, setFiles } from './set-files.js';

/** What an imported certificate is judged by. */
export interface ImportDemand {
  readonly snapshot: ZoneSnapshot;
  /** The roots of the zone, those of a CA that is to come too. */
  readonly anchors: readonly Certificate[];
  /** What may stand between: from the import and from the repository. */
  readonly between: readonly Certificate[];
  /** When the sets must be valid. */
  readonly at: Instant;
}

/**
 * Checks the certificate with its key as the set of its server (I-24): the chain to a root of the
 * zone at the instant, names, server authentication, a key of its own (I-5), and a remint-repo in
 * which nothing else of a person would be overwritten. Throws what `checkPlacedSet` throws, and
 * `policy`.
 */
export async function checkImportSet(
  ctx: ReadContext,
  demand: ImportDemand,
  { member, key }: ImportTarget,
  leaf: Certificate,
): Promise<ImportSet> {
  const file = (name: string, bytes: Uint8Array): RepoFile => ({ name, bytes, ageMs: Infinity });
  const repo = {
    certificates: [file('the certificate', pemBundle([leaf.der]))],
    key: file('the key', key.pkcs8),
    caCert: undefined,
    leftovers: false,
  };
  const { intermediates, pkcs8 } = await checkPlacedSet(ctx, repo, {
    serverName: member.name,
    where: member.name,
    dnsName: member.dnsName ?? member.name,
    anchors: demand.anchors,
    known: demand.between,
    at: demand.at,
  });
  await refuseSharedKey(ctx, member, leaf);
  const files = setFiles(ctx, {
    chain: [leaf.der, ...intermediates.map(({ der }) => der)],
    pkcs8,
    trust: demand.anchors.map(({ der }) => der),
  });
  const imported = (await refuseForeignRepo(ctx, member, leaf, files)) === 'empty';
  const planned = { ...plannedImport(ctx, demand.snapshot, member, leaf), imported };
  return { member, planned, leaf, intermediates, pkcs8, keySource: key.source };
}

/** The key and copies of this certificate may lie there; what zmint put there itself is nothing. */
async function refuseForeignRepo(
  ctx: ReadContext,
  member: Member,
  leaf: Certificate,
  files: ReturnType<typeof setFiles>,
): Promise<'empty' | 'fits'> {
  const home = serverHome(ctx.zoneHome, member);
  const repo = await ctx.homes.readRepo(home);
  const own = await ownRepoSets(ctx, { memberId: member.id, home });
  if (!holdsForeign(ctx, repo, own)) return 'empty';
  if (!holdsForeign(ctx, repo, [files])) return 'fits';
  const isOurs = (one: RepoFile): boolean => holdsLeafOrCa(ctx, one, leaf);
  const key = repo.key === undefined ? undefined : await ctx.keys.pairOf(repo.key.bytes);
  const keyFits = key === undefined || ctx.digest.sha256(key.spki) === ctx.digest.sha256(leaf.spki);
  if (keyFits && repo.certificates.every(isOurs)) return 'fits';
  throw new ZmintError('policy', `the remint-repo of ${member.name} holds other files`, {
    hint: `take them with zmint ssl remint ${member.name}, or move them away from ${home}/remint-repo`,
  });
}

function holdsLeafOrCa(ctx: ReadContext, file: RepoFile, leaf: Certificate): boolean {
  try {
    const wanted = ctx.digest.sha256(leaf.der);
    return readCertificates(file.bytes, file.name).every(
      (one) => one.isCa || ctx.digest.sha256(one.der) === wanted,
    );
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return false;
    throw error;
  }
}
