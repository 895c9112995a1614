import type { CustodyContext } from '../ports/context.js';
import type { ZoneReader } from '../ports/zone-store.js';
import type { SerialReservation } from '../zone/certificate-record.js';
import type { CrlIssuer } from '../zone/crl-issuer.js';
import type { Revocation } from '../zone/revocation.js';
import { isUnreadable } from './compare-with-present.js';
import type { RestorePlan } from './plan-restore.js';

/** What the zone that is set aside did after the backup, and the restored one must not forget. */
export interface CarriedOver {
  /** Serial numbers that were taken since: none is given twice (I-7). */
  readonly serials: readonly SerialReservation[];
  /** What was revoked since stays revoked. */
  readonly revocations: readonly Revocation[];
  /** CRL issuers of the backup, their numbers raised to the highest that was taken. */
  readonly issuers: readonly CrlIssuer[];
  readonly forgotten: readonly Forgotten[];
}

/** What could not be read in the zone that is set aside, or not all of it. */
export type Forgotten = 'serial-numbers' | 'revocations' | 'crl-numbers';

/** Compares the zone that is there with the staged one. What is damaged there does not keep the zone from being restored. */
export async function carriedOver(
  ctx: CustodyContext,
  { request, present }: RestorePlan,
  folder: string,
): Promise<CarriedOver> {
  const serials: SerialReservation[] = [];
  if (present.lineage === 'no-zone')
    return { serials, revocations: [], issuers: [], forgotten: [] };
  const { zoneHome } = request;
  const forgotten: Forgotten[] = [];
  const orForget = async <Row>(
    what: Forgotten,
    read: () => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> => {
    try {
      return await read();
    } catch (error) {
      if (!isUnreadable(error)) throw error;
      forgotten.push(what);
      return [];
    }
  };
  const staged = await ctx.images.openStore(folder);
  const among = <Row>(
    read: (there: ZoneReader, own: ZoneReader) => Promise<readonly Row[]>,
  ): Promise<readonly Row[]> => inPresent(ctx, zoneHome, (there) => read(there, staged));
  try {
    await orForget('serial-numbers', () => serialsSince(ctx, { zoneHome, folder }, serials));
    const revocations = await orForget('revocations', () => among(revocationsSince));
    const issuers = await orForget('crl-numbers', () => among(raisedIssuers));
    return { serials, revocations, issuers, forgotten };
  } finally {
    staged.close();
  }
}

async function inPresent<Result>(
  ctx: CustodyContext,
  zoneHome: string,
  work: (reader: ZoneReader) => Promise<Result>,
): Promise<Result> {
  const reader = await ctx.images.openReader(zoneHome);
  try {
    return await work(reader);
  } finally {
    reader.close();
  }
}

/** Adds to `taken` page by page, so that those before a damaged one count. */
async function serialsSince(
  ctx: CustodyContext,
  { zoneHome, folder }: { readonly zoneHome: string; readonly folder: string },
  taken: SerialReservation[],
): Promise<readonly SerialReservation[]> {
  const known = new Set<string>();
  for await (const page of ctx.images.reservations(folder))
    for (const one of page) known.add(nameOf(one));
  for await (const page of ctx.images.reservations(zoneHome))
    taken.push(...page.filter((one) => !known.has(nameOf(one))));
  return taken;
}

function nameOf({ issuerSpkiSha256, serial }: SerialReservation): string {
  return `${issuerSpkiSha256} ${serial}`;
}

/** In the CRL that is made next: none names them any more, as far as the restored zone knows. */
async function revocationsSince(
  present: ZoneReader,
  staged: ZoneReader,
): Promise<readonly Revocation[]> {
  const keys = new Set((await staged.authorities()).map(({ spkiSha256 }) => spkiSha256));
  const missing: Revocation[] = [];
  for (const key of keys) {
    const known = await staged.revocationsOf(key, 0);
    const names = new Set(known.map(({ fingerprint }) => fingerprint));
    const all = await present.revocationsOf(key, 0);
    missing.push(...all.filter(({ fingerprint }) => !names.has(fingerprint)));
  }
  return missing.map((revocation) => ({ ...revocation, listedIn: null }));
}

async function raisedIssuers(
  present: ZoneReader,
  staged: ZoneReader,
): Promise<readonly CrlIssuer[]> {
  const floors = new Map(
    (await present.crlIssuers()).map(({ issuerSpkiSha256, floor }) => [issuerSpkiSha256, floor]),
  );
  return (await staged.crlIssuers()).flatMap((issuer) => {
    const floor = floors.get(issuer.issuerSpkiSha256) ?? 0;
    return floor > issuer.floor ? [{ ...issuer, floor }] : [];
  });
}
