import { ZmintError } from '../errors.js';
import type { OperationContext, ReadContext } from '../ports/context.js';
import type { ContainerItem } from '../x509/container.js';
import type { Change } from '../zone/change.js';
import { decideAnchors, type AnchorDecision } from '../zone/decide-anchors.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import { nextSetCommand, reachOf } from '../zone/trust-reach.js';
import { issuedRecord } from './issue-certificate.js';
import { publishTrust } from './publish-trust.js';
import { readRoots, type FoundRoot } from './read-roots.js';
import { readSnapshot } from './read-snapshot.js';
import { recordEvent } from './record-event.js';
import { refuseNeeded } from './refuse-needed.js';
import { isTrustStale } from './repair-trust.js';

/** A file whose roots are to be trusted. */
export interface AddAnchorsRequest {
  readonly items: readonly ContainerItem[];
  /** The file's name, for messages. */
  readonly where: string;
  readonly alias: string | undefined;
  readonly replace: boolean;
}

/** What is about to be trusted. */
export interface AddAnchorsPlan extends AnchorDecision {
  readonly basis: number;
  readonly at: Instant;
  readonly roots: readonly (FoundRoot & { readonly fingerprint: Fingerprint })[];
  readonly leftOut: readonly string[];
  /** `truststore/cacerts.pem` is not what is recorded, and will be. */
  readonly stale: boolean;
  /** The members that get the roots with their next set. */
  readonly waiting: readonly Member[];
  /** What gives them that set at once; null when nobody waits. */
  readonly next: string | null;
}

/**
 * Decides what a file adds to the trust of the zone. Throws `policy` for a file without a root, an
 * alias that is taken and a replaced root that a server needs, `not-valid-then`, `usage`.
 */
export async function planAddAnchors(
  ctx: ReadContext,
  request: AddAnchorsRequest,
  now: Instant,
): Promise<AddAnchorsPlan> {
  const snapshot = await readSnapshot(ctx, now);
  const anchors = await ctx.store.anchors();
  const found = readRoots(ctx, request.items, request.where, now);
  const roots = found.roots.map((root) => ({
    ...root,
    fingerprint: ctx.digest.sha256(root.certificate.der),
  }));
  const decision = decideAnchors(anchors, {
    roots: roots.map(({ fingerprint, name }) => ({ certificate: fingerprint, name })),
    alias: request.alias,
    replace: request.replace,
    now,
  });
  await refuseNeeded(ctx, snapshot, anchors, decision.replaced);
  const waiting = [
    ...new Set(decision.add.flatMap((anchor) => reachOf(snapshot, anchor.certificate).without)),
  ];
  return {
    ...decision,
    basis: snapshot.sequence,
    at: now,
    roots,
    leftOut: found.leftOut,
    stale: await isTrustStale(ctx),
    waiting,
    next: nextSetCommand(waiting),
  };
}

/**
 * Trusts the roots. Order of writes: the certificates with their anchors in one transaction, then
 * `cacerts.pem`; after a crash between them the next `truststore add` or `ssl resume` renders it.
 */
export async function executeAddAnchors(
  ctx: OperationContext,
  plan: AddAnchorsPlan,
): Promise<void> {
  if (plan.add.length > 0) {
    const details = {
      added: plan.add.map(({ alias, certificate }) => ({ alias, fingerprint: certificate })),
      replaced: plan.replaced.map(({ alias, certificate }) => ({
        alias,
        fingerprint: certificate,
      })),
    };
    await recordEvent(ctx, { what: 'anchors-added', at: plan.at, details }, changesOf(ctx, plan));
  }
  await publishTrust(ctx);
}

function changesOf(ctx: OperationContext, plan: AddAnchorsPlan): readonly Change[] {
  const added = plan.add.map((anchor) => {
    const root = plan.roots.find(({ fingerprint }) => fingerprint === anchor.certificate);
    if (root === undefined)
      throw new ZmintError('bug', `${anchor.alias} names no root of the file`);
    return root.certificate;
  });
  const certificates = added.map((certificate) => ({
    der: certificate.der,
    record: issuedRecord(ctx, certificate, {
      purpose: 'ca',
      state: 'monitored',
      memberId: null,
      issuerGeneration: null,
      subjectGeneration: null,
      operationId: null,
      keyFrom: null,
      at: plan.at,
    }),
  }));
  return [
    { type: 'add-certificates', certificates },
    ...plan.replaced.map(({ alias }): Change => ({ type: 'remove-anchor', alias })),
    ...plan.add.map((anchor): Change => ({ type: 'put-anchor', anchor })),
  ];
}
