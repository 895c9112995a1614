import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { certificateLife, type CertificateLife } from '../zone/certificate-life.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import { findMember } from '../zone/member-path.js';
import { reachOf } from '../zone/trust-reach.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { readSnapshot } from './read-snapshot.js';

/** A root that the zone or a member trusts. */
export interface AnchorRow {
  /** Null: the member has it and the zone trusts it no more. */
  readonly anchor: TrustAnchor | null;
  readonly certificate: CertificateRecord;
  readonly life: CertificateLife;
  /** How many members have it in their bundle, of those that have one. */
  readonly holding: number;
  readonly members: number;
  /** Whether the member that was asked about has it; null when none was. */
  readonly held: boolean | null;
}

/**
 * The roots of the zone in the order of `cacerts.pem`; with a member also those that only its bundle
 * holds. Throws `unknown-member`, `ambiguous-member`, `damaged`, and `not-found` for a member that
 * has no bundle yet.
 */
export async function listAnchors(
  ctx: ReadContext,
  word: string | undefined,
  now: Instant,
): Promise<readonly AnchorRow[]> {
  const snapshot = await readSnapshot(ctx, now);
  const anchors = [...(await ctx.store.anchors())].sort((a, b) => a.since - b.since);
  const member = word === undefined ? undefined : findMember(snapshot.members, word);
  const bundle = member === undefined ? undefined : liveSet(snapshot, member.id)?.trust;
  if (member !== undefined && bundle === undefined) {
    throw new ZmintError('not-found', `${member.name} has no trust bundle yet`, {
      hint: 'zmint status',
    });
  }
  const trusted = new Set(anchors.map(({ certificate }) => certificate));
  const strays = (bundle ?? []).filter((one) => !trusted.has(one));
  const entries = [
    ...anchors.map((anchor) => ({ anchor, fingerprint: anchor.certificate })),
    ...strays.map((fingerprint) => ({ anchor: null, fingerprint })),
  ];
  const rows: AnchorRow[] = [];
  for (const { anchor, fingerprint } of entries) {
    const certificate = await ctx.store.certificate(fingerprint);
    if (certificate === undefined) {
      throw new ZmintError('damaged', `the root ${fingerprint} is missing in the repository`, {
        hint: 'zmint doctor',
      });
    }
    const reach = reachOf(snapshot, fingerprint);
    rows.push({
      anchor,
      certificate,
      life: certificateLife(certificate, now),
      holding: reach.with.length,
      members: reach.with.length + reach.without.length,
      held: bundle === undefined ? null : bundle.includes(fingerprint),
    });
  }
  return rows;
}
