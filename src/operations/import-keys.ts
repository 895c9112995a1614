import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { waitsForCertificate, type CertificateRequest } from '../zone/certificate-request.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { memberById, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import type { KeySource } from './import-plan.js';
import type { Find } from './read-import.js';

/** A key that a certificate may have been made for. */
export interface ImportKey {
  readonly spkiSha256: string;
  readonly source: KeySource;
  readonly pkcs8: Uint8Array;
  /** Whose it is; null for a key that was given: then the names say it. */
  readonly member: Member | null;
}

/** The private keys among the finds, by the digest of their public keys. */
export async function givenKeys(
  ctx: Pick<ReadContext, 'keys' | 'digest'>,
  finds: readonly Find[],
): Promise<ReadonlyMap<string, ImportKey>> {
  const keys = new Map<string, ImportKey>();
  for (const { item } of finds) {
    if (item?.kind !== 'key') continue;
    const { spki, pkcs8 } = await ctx.keys.pairOf(item.key.pkcs8);
    const spkiSha256 = ctx.digest.sha256(spki);
    keys.set(spkiSha256, { spkiSha256, source: 'given', pkcs8, member: null });
  }
  return keys;
}

/** The key that waits for this certificate since its request. Throws `damaged` when it is not where it was put. */
export async function waitingKey(
  ctx: Pick<ReadContext, 'keys' | 'digest' | 'homes' | 'zoneHome'>,
  zone: { readonly snapshot: ZoneSnapshot; readonly requests: readonly CertificateRequest[] },
  spkiSha256: string,
): Promise<ImportKey | undefined> {
  const request = zone.requests.find(
    (one) => one.spkiSha256 === spkiSha256 && waitsForCertificate(one),
  );
  const member = memberById(zone.snapshot, request?.memberId ?? '');
  if (request === undefined || member === undefined) return undefined;
  const files = await ctx.homes.readRequest(serverHome(ctx.zoneHome, member), request.number);
  const pkcs8 = files?.['key.der'];
  if (pkcs8 !== undefined && (await isKeyOf(ctx, pkcs8, spkiSha256)))
    return { spkiSha256, source: 'request', pkcs8, member };
  throw new ZmintError(
    'damaged',
    `the key of request ${request.number} of ${member.name} is not where it was put`,
    { hint: `zmint generate-csr ${member.name}, and have that signed` },
  );
}

/** The key that a person placed into the server's remint-repo, or the one that it serves with today. */
export async function homeKey(
  ctx: Pick<ReadContext, 'keys' | 'digest' | 'homes' | 'zoneHome'>,
  member: Member,
  spkiSha256: string,
): Promise<ImportKey | undefined> {
  const home = serverHome(ctx.zoneHome, member);
  const placed = (await ctx.homes.readRepo(home)).key?.bytes;
  if (placed !== undefined && (await isKeyOf(ctx, placed, spkiSha256)))
    return { spkiSha256, source: 'placed', pkcs8: placed, member };
  const { live } = await ctx.homes.observe(home);
  const served = live === undefined ? undefined : await ctx.homes.readSet(home, live);
  const pkcs8 = served?.['key.der'];
  if (pkcs8 === undefined || !(await isKeyOf(ctx, pkcs8, spkiSha256))) return undefined;
  return { spkiSha256, source: 'live', pkcs8, member };
}

async function isKeyOf(
  ctx: Pick<ReadContext, 'keys' | 'digest'>,
  pkcs8: Uint8Array,
  spkiSha256: string,
): Promise<boolean> {
  try {
    return ctx.digest.sha256((await ctx.keys.pairOf(pkcs8)).spki) === spkiSha256;
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return false;
    throw error;
  }
}
