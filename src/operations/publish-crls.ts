import { concatBytes } from '../encoding/bytes.js';
import { encodePemOctets } from '../encoding/pem-octets.js';
import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { CrlsWritten, DeferredHomes } from '../ports/member-homes.js';
import type { CrlIssuer } from '../zone/crl-issuer.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { areCrlsUntold } from './are-crls-untold.js';
import { draftCrls } from './draft-crls.js';
import { crlDer } from './issue-crls.js';
import { recordEvent } from './record-event.js';
import { reloadReaders, type FailedMember, type Readers, type Reloaded } from './reload-readers.js';

/** Where the CRLs went. */
export interface PublishedCrls extends Reloaded {
  /** The folder in the zone home. */
  readonly folder: string;
  /** How many members have them. */
  readonly members: number;
  /** Those that did not get them. */
  readonly failed: readonly FailedMember[];
}

/**
 * Renders the recorded CRLs into `crl/` of the zone home and into `security/crl.pem` of every member
 * with a home, and with `reload` runs the reload commands of the servers whose file has changed, or
 * that a run which died may not have told. A member that fails does not keep the others from it, but
 * they count as published only when nobody is without them. Needs no key.
 *
 * Order of writes: the zone home; each batch of members, one sync; the reloads; then it is recorded.
 */
export async function publishCrls(
  ctx: OperationContext,
  now: Instant,
  telling: { readonly reload: boolean },
): Promise<PublishedCrls> {
  const published = await renderCrls(ctx, now, telling);
  await recordPublished(ctx, published, now);
  return published;
}

/** The same without the record. */
export async function renderCrls(
  ctx: OperationContext,
  now: Instant,
  telling: { readonly reload: boolean },
): Promise<PublishedCrls> {
  const { readers, ...laid } = await layCrls(ctx, now, telling);
  return { ...laid, ...(await reloadReaders(ctx, readers)) };
}

/** CRLs that are where they belong, and the servers that have not read them. */
export interface LaidCrls extends Omit<PublishedCrls, keyof Reloaded> {
  readonly readers: Readers;
}

/** The files alone: nobody is reloaded. */
export async function layCrls(
  ctx: OperationContext,
  now: Instant,
  { reload }: { readonly reload: boolean },
): Promise<LaidCrls> {
  const issuers = await crlsInForce(ctx, now);
  const pem = bundle(issuers);
  const folder = await ctx.folder.publishCrls({ ...generationFiles(issuers), 'bundle.pem': pem });
  const all = reload && (await areCrlsUntold(ctx));
  const { written, failed, readers } = await writeToMembers(ctx, pem, { reload, all });
  return { folder, members: written, failed, readers };
}

/** Records where they went, and who was told. */
export async function recordPublished(
  ctx: OperationContext,
  { members, failed, reloaded, unreloaded }: PublishedCrls,
  now: Instant,
): Promise<void> {
  const issuers = await ctx.store.crlIssuers();
  const reached = failed.length > 0 ? [] : issuers.filter(({ published }) => !published);
  const details = {
    members,
    failed: failed.map(({ member }) => member),
    reloaded,
    unreloaded: unreloaded.map(({ member }) => member),
  };
  await recordEvent(ctx, { what: 'crls-published', at: now, details }, [
    {
      type: 'put-crl-issuers',
      issuers: reached.map((one) => ({ ...one, published: true })),
    },
  ]);
}

/** The newest CRLs of the keys that still vouch for something, by generation. */
export async function crlsInForce(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
): Promise<readonly CrlIssuer[]> {
  const due = new Set((await draftCrls(ctx, now, 0)).map(({ authority }) => authority.spkiSha256));
  const issuers = await ctx.store.crlIssuers();
  return issuers.filter(({ crl, issuerSpkiSha256 }) => crl !== null && due.has(issuerSpkiSha256));
}

/** All of them as PEM, one after the other: empty when there is none. */
export async function crlBundle(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
): Promise<Uint8Array> {
  return bundle(await crlsInForce(ctx, now));
}

function bundle(issuers: readonly CrlIssuer[]): Uint8Array {
  return concatBytes(issuers.map(crlPem));
}

/** A recorded CRL as PEM. */
export function crlPem(issuer: CrlIssuer): Uint8Array {
  return encodePemOctets('X509 CRL', crlDer(issuer));
}

/** Gives the CRLs that are in force to members that were just added; nothing when there is none. */
export async function publishCrlsTo(
  ctx: OperationContext,
  members: readonly Member[],
  now: Instant,
): Promise<void> {
  const issuers = await crlsInForce(ctx, now);
  if (issuers.length === 0) return;
  const pem = bundle(issuers);
  const homes = ctx.homes.deferred();
  for (const member of members) await writeTo(ctx, homes, { member, pem });
  await homes.flush();
}

function generationFiles(issuers: readonly CrlIssuer[]): Readonly<Record<string, Uint8Array>> {
  return Object.fromEntries(
    issuers.flatMap((issuer) => [
      [`generation-${issuer.generation}.crl`, crlDer(issuer)],
      [`generation-${issuer.generation}.pem`, crlPem(issuer)],
    ]),
  );
}

/** Who is to be told: nobody; those whose file has changed; or `all` that have it. */
interface Telling {
  readonly reload: boolean;
  readonly all: boolean;
}

interface WrittenToMembers {
  readonly written: number;
  readonly failed: readonly FailedMember[];
  readonly readers: Readers;
}

async function writeToMembers(
  ctx: OperationContext,
  pem: Uint8Array,
  { reload, all }: Telling,
): Promise<WrittenToMembers> {
  const failed: FailedMember[] = [];
  const readers = new Map<string, Member[]>();
  let written = 0;
  for await (const members of memberPages(ctx)) {
    const homes = ctx.homes.deferred();
    for (const member of members) {
      const outcome = await writeTo(ctx, homes, { member, pem });
      if (outcome instanceof ZmintError) failed.push({ member: member.name, error: outcome });
      else if (outcome !== 'none') written += 1;
      if (reload && (outcome === 'changed' || (all && outcome === 'same')))
        addReader(readers, member);
    }
    await homes.flush();
  }
  return { written, failed, readers };
}

function addReader(readers: Map<string, Member[]>, member: Member): void {
  if (member.reload === null) return;
  const known = readers.get(member.reload);
  if (known === undefined) readers.set(member.reload, [member]);
  else known.push(member);
}

/** An error when it failed. */
async function writeTo(
  ctx: OperationContext,
  homes: DeferredHomes,
  { member, pem }: { readonly member: Member; readonly pem: Uint8Array },
): Promise<CrlsWritten | ZmintError> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null) return 'none';
  try {
    return await homes.writeCrls(home, pem);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return error;
  }
}

async function* memberPages(ctx: OperationContext): AsyncGenerator<readonly Member[], void> {
  const limit = ctx.batchSize;
  for (let after: string | null = null; ;) {
    const members: readonly Member[] = await ctx.store.membersAfter({ after, limit });
    if (members.length > 0) yield members;
    if (members.length < limit) return;
    after = members.at(-1)?.path ?? null;
  }
}
