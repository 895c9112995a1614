import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { Certificate } from '../x509/certificate.js';
import { chooseSatellite } from '../zone/choose-satellite.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { KeystoreFormat, KeystoreShape } from '../zone/keystore.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import { presentContent, type SetContent } from '../zone/operation-content.js';
import { refusePending } from '../zone/refuse-pending.js';
import { refuseWithoutCertificate } from '../zone/refuse-without-certificate.js';
import { liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { parseAll } from './check-set.js';
import { chooseKeystore, type KeystoreWish } from './choose-keystore.js';
import type { ImportMaterial } from './import-material.js';
import { refuseSharedKey } from './key-history.js';
import { checkPlacedSet, type PlacedSet } from './placed-set.js';
import { readSnapshot } from './read-snapshot.js';
import type { HeldKeystore } from './render-keystore.js';
import { findKeptSet } from './find-kept-set.js';

/** Where the certificate comes from: what was given, the last one that is still there, or the live one. */
export type SetSource =
  | { readonly from: 'given'; readonly material: ImportMaterial }
  | { readonly from: 'kept' }
  | { readonly from: 'live' };

export interface SatelliteRequest {
  /** As typed; null: the only one that can be meant. */
  readonly satellite: string | null;
  readonly source: SetSource;
  readonly keystore: KeystoreWish;
  /** Whether it is reloaded and looked at when its files have changed. */
  readonly reconfigure: boolean;
}

/** A set that a satellite is to get. `material` is secret: it never leaves the process. */
export interface SatellitePlan {
  readonly basis: number;
  readonly at: Instant;
  readonly member: Member;
  readonly home: string;
  readonly source: SetSource['from'];
  readonly leaf: Certificate;
  readonly fingerprint: Fingerprint;
  /** What is sent behind the leaf. */
  readonly issuers: readonly Certificate[];
  /** The certificate is the one that is live already. */
  readonly same: boolean;
  readonly live: MemberSet | undefined;
  /** As the set will have it; null: none. */
  readonly keystore: (KeystoreShape & { readonly before: KeystoreFormat | null }) | null;
  readonly reconfigure: boolean;
  readonly material: {
    readonly placed: PlacedSet;
    readonly content: SetContent;
    readonly keystore: HeldKeystore | null;
  };
}

/**
 * Plans the import, the import again or the reconfiguration of a satellite's certificate; nothing is
 * written. Throws `unknown-member`, `usage`, `operation-pending`, what `checkPlacedSet` throws, and
 * `policy` when there is no certificate to go on with.
 */
export async function planSatelliteSet(
  ctx: ReadContext,
  request: SatelliteRequest,
  now: Instant,
): Promise<SatellitePlan> {
  const snapshot = await readSnapshot(ctx, now);
  const { source } = request;
  const names = source.from === 'given' ? source.material.certificates : [];
  const member = chooseSatellite(
    snapshot.members,
    request.satellite,
    names.filter((one) => !one.isCa).flatMap((one) => one.dnsNames),
  );
  refusePending(snapshot, false, [member]);
  const home = serverHome(ctx.zoneHome, member);
  const live = liveSet(snapshot, member.id);
  const content = presentContent(snapshot, await ctx.store.anchors());
  const placed = await placedFrom(ctx, snapshot, { member, source, content });
  await refuseSharedKey(ctx, member, placed.leaf);
  const fingerprint = ctx.digest.sha256(placed.leaf.der);
  const files = await ctx.homes.readKeystore(home);
  const keystore = chooseKeystore(request.keystore, { member, files });
  const behind = parseAll(await ctx.store.der(content.chain));
  return {
    basis: snapshot.sequence,
    at: now,
    member,
    home,
    source: source.from,
    leaf: placed.leaf,
    fingerprint,
    issuers: [...placed.intermediates, ...behind.filter((one) => !isAmong(placed, one))],
    same: live?.leaf === fingerprint,
    live,
    keystore:
      keystore.next === null ? null : { ...shapeOf(keystore.next), before: keystore.before },
    reconfigure: request.reconfigure,
    material: { placed, content, keystore: keystore.next },
  };
}

function shapeOf({ format, alias }: HeldKeystore): KeystoreShape {
  return { format, alias };
}

function isAmong(placed: PlacedSet, certificate: Certificate): boolean {
  return placed.intermediates.some(
    (one) => one.serial === certificate.serial && one.issuer.text === certificate.issuer.text,
  );
}

interface Wanted {
  readonly member: Member;
  readonly source: SetSource;
  readonly content: SetContent;
}

async function placedFrom(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  { member, source, content }: Wanted,
): Promise<PlacedSet> {
  const material =
    source.from === 'given'
      ? source.material
      : await findKeptSet(ctx, snapshot, member, source.from);
  if (material === undefined) throw refuseWithoutCertificate(snapshot, member);
  const repo = {
    certificates: material.certificates.map(({ der }) => ({
      name: material.name,
      bytes: der,
      ageMs: Infinity,
    })),
    key: { name: material.name, bytes: material.pkcs8, ageMs: Infinity },
    caCert: undefined,
    leftovers: false,
  };
  try {
    return await checkPlacedSet(ctx, repo, {
      serverName: member.name,
      where: material.name,
      dnsName: member.dnsName ?? member.name,
      anchors: parseAll(await ctx.store.der(content.trust)),
      known: parseAll(await ctx.store.der(knownIssuers(snapshot, content))),
      at: snapshot.now,
    });
  } catch (error) {
    throw withHint(error, member, source);
  }
}

/** What may stand in the path: what is sent anyway, and every certificate of the CA that is in use. */
function knownIssuers(snapshot: ZoneSnapshot, content: SetContent): readonly Fingerprint[] {
  const used = snapshot.authorityCertificates.filter(
    ({ state }) => state === 'current' || state === 'monitored',
  );
  return [...new Set([...content.chain, ...used.map((record) => record.fingerprint)])];
}

/** What to do next depends on where the certificate came from. */
function withHint(error: unknown, member: Member, source: SetSource): unknown {
  if (!(error instanceof ZmintError)) return error;
  const hint = hintFor(error.code, member, source);
  if (hint === undefined) return error;
  return new ZmintError(error.code, error.message, { hint, details: error.details, cause: error });
}

function hintFor(code: string, member: Member, { from }: SetSource): string | undefined {
  if (from !== 'given') return `zmint rsc ${member.name}, or zmint iac with another certificate`;
  if (code === 'chain-untrusted')
    return 'give the whole chain with -ca; a root of its own: zmint add-ca-to-truststore FILE first';
  if (code === 'key-mismatch') return 'give the key that the certificate was made for';
  return code === 'not-valid-then' ? 'ask the CA for a new certificate' : undefined;
}
