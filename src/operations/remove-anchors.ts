import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import { sameAlias } from '../zone/anchor-alias.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import { nextSetCommand, reachOf } from '../zone/trust-reach.js';
import { publishTrust } from './publish-trust.js';
import { readSnapshot } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { refuseNeeded } from './refuse-needed.js';

/** Roots that are to leave the trust of the zone. */
export interface RemoveAnchorsPlan {
  readonly basis: number;
  readonly at: Instant;
  readonly anchors: readonly TrustAnchor[];
  /** The members whose bundle holds one of them until their next set. */
  readonly holding: readonly Member[];
  /** What gives them that set at once; null when nobody holds one. */
  readonly next: string | null;
}

/** At least so many digits of a fingerprint stand for a root. */
const LEAST_DIGITS = 8;

/**
 * Decides which roots the words mean: aliases, or SHA-256 fingerprints of which the beginning is
 * enough. Throws `not-found`, and `policy` for a root of the zone's own CA or one that a server needs.
 */
export async function planRemoveAnchors(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<RemoveAnchorsPlan> {
  const snapshot = await readSnapshot(ctx, now);
  const all = await ctx.store.anchors();
  const anchors = [...new Set(words.map((word) => findAnchor(all, word)))];
  const own = anchors.find(({ source }) => source === 'zone');
  if (own !== undefined) throw ownRoot(own);
  await refuseNeeded(ctx, snapshot, all, anchors);
  const holding = [
    ...new Set(anchors.flatMap(({ certificate }) => reachOf(snapshot, certificate).with)),
  ];
  return {
    basis: snapshot.sequence,
    at: now,
    anchors,
    holding,
    next: nextSetCommand(holding),
  };
}

/** Forgets the roots; order of writes as with `executeAddAnchors`. The certificates stay on record. */
export async function executeRemoveAnchors(
  ctx: OperationContext,
  plan: RemoveAnchorsPlan,
): Promise<void> {
  const removed = plan.anchors.map(({ alias, certificate }) => ({
    alias,
    fingerprint: certificate,
  }));
  await recordEvent(
    ctx,
    { what: 'anchors-removed', at: plan.at, details: { removed } },
    plan.anchors.map(({ alias }): Change => ({ type: 'remove-anchor', alias })),
  );
  await publishTrust(ctx);
}

function findAnchor(anchors: readonly TrustAnchor[], word: string): TrustAnchor {
  const named = anchors.find(({ alias }) => sameAlias(alias, word));
  if (named !== undefined) return named;
  const digits = word.replaceAll(':', '').toLowerCase();
  const isPrint = digits.length >= LEAST_DIGITS && /^[\da-f]+$/u.test(digits);
  const [found, another] = anchors.filter((one) => isPrint && one.certificate.startsWith(digits));
  if (found !== undefined && another === undefined) return found;
  throw new ZmintError('not-found', `no root is trusted as "${word}"`, {
    hint: 'zmint truststore list',
  });
}

function ownRoot({ alias }: TrustAnchor): ZmintError {
  return new ZmintError(
    'policy',
    `${alias} is a root of the zone's own CA and cannot be removed by hand`,
    { hint: 'zmint ssl retire takes an old root out once everybody has moved' },
  );
}
