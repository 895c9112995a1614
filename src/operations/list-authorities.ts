import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import { certificateLife, type CertificateLife } from '../zone/certificate-life.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { tokenKeyOf } from '../zone/token-key.js';
import { custodyOfKey, type Custody } from '../zone/zone.js';
import { noActiveAuthority } from '../zone/no-active-authority.js';
import { findAwaitedAuthority } from './find-awaited-authority.js';
import { certificateDigests, type CertificateDigests } from './certificate-digests.js';

/** One generation of the zone's CA. */
export interface AuthorityRow {
  readonly authority: Authority;
  readonly certificate: CertificateRecord;
  /** Of a subordinate CA: what stands above it, the root last. */
  readonly parents: readonly CertificateRecord[];
  readonly status: CertificateLife;
  /** The server that holds the key; null for an external CA. */
  readonly server: Member | null;
}

/** The manuals' CA pane. */
export interface AuthorityPane extends AuthorityRow {
  readonly digests: CertificateDigests;
  readonly custody: Custody;
  /** Where in a token its key is; null: in a file, or elsewhere. */
  readonly keyUri: string | null;
  /** The next CA, which waits for its certificate; null: none does. */
  readonly awaited: AuthorityRequest | null;
}

/** Every generation that there ever was, oldest first. Throws `damaged` when a root is missing. */
export async function listAuthorities(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
): Promise<readonly AuthorityRow[]> {
  const members = new Map((await ctx.store.members()).map((member) => [member.id, member]));
  const rows: AuthorityRow[] = [];
  for (const authority of await ctx.store.authorities()) {
    const certificate = await ctx.store.certificate(authority.certificate);
    if (certificate === undefined) {
      throw new ZmintError(
        'damaged',
        `the root of CA generation ${authority.generation} is missing in the repository`,
        { hint: 'zmint doctor' },
      );
    }
    const server = members.get(authority.keyMemberId ?? '') ?? null;
    const parents = await parentsOf(ctx, authority);
    const status = certificateLife(certificate, now);
    rows.push({ authority, certificate, parents, status, server });
  }
  return rows;
}

async function parentsOf(
  ctx: Pick<ReadContext, 'store'>,
  { parents = [] }: Authority,
): Promise<readonly CertificateRecord[]> {
  const records = await ctx.store.certificatesNamed(parents);
  return parents.flatMap((one) => records.find(({ fingerprint }) => fingerprint === one) ?? []);
}

/**
 * The generation in use, or the given one. Throws `not-found` when there is no such generation,
 * `operation-pending` while the first one waits for its certificate.
 */
export async function showAuthority(
  ctx: Pick<ReadContext, 'store' | 'digest'>,
  generation: number | null,
  now: Instant,
): Promise<AuthorityPane> {
  const rows = await listAuthorities(ctx, now);
  const row = rows.find(({ authority }) =>
    generation === null ? authority.state === 'active' : authority.generation === generation,
  );
  const awaited = await findAwaitedAuthority(ctx.store);
  if (
    row === undefined &&
    awaited !== null &&
    (generation ?? awaited.generation) === awaited.generation
  )
    throw noActiveAuthority({ authorityRequests: [awaited] });
  if (row === undefined) {
    const what = generation === null ? 'CA in use' : `CA generation ${generation}`;
    throw new ZmintError('not-found', `this zone has no ${what}`, { hint: 'zmint ca list' });
  }
  const keyUri = tokenKeyOf(await ctx.store.tokenKeys(), row.authority)?.uri ?? null;
  const custody = custodyOfKey(await ctx.store.zone(), keyUri);
  return {
    ...row,
    custody,
    keyUri,
    awaited,
    digests: await certificateDigests(ctx, row.certificate),
  };
}
