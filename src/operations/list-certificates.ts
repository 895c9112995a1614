import type { GlanceContext } from '../ports/context.js';
import { certificateStatus, type CertificateStatus } from '../zone/certificate-status.js';
import type { CertificateRecord, CertificateState } from '../zone/certificate-record.js';
import { openRequest, type CertificateRequest } from '../zone/certificate-request.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import { isServer, type Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { findMembers } from './find-members.js';
import { newestParts } from './newest-parts.js';
import { byMember, groupSets } from './read-snapshot.js';
import { isAmong, revokedInUse } from './revoked-in-use.js';

/** A server with its certificates, as the manuals' pane shows them. */
export interface ServerCertificate {
  readonly member: Member;
  readonly home: string | null;
  readonly current: CertificateRecord | null;
  readonly future: CertificateRecord | null;
  readonly status: CertificateStatus;
  /** Whether the certificate in use is revoked, also while the next one is on its way. */
  readonly revoked: boolean;
  /** The request that waits for what a CA signs, or failed; null: none. */
  readonly request: CertificateRequest | null;
  /** The running operation that the server has a part in, the newest one; null: none. */
  readonly operation: Operation | null;
  readonly part: OperationMember | null;
  /** The set that is recorded as live, and the one that waits. */
  readonly live: MemberSet | null;
  readonly waiting: MemberSet | null;
}

/** What a list is to show. */
export interface ListQuestion {
  readonly now: Instant;
  /** `current`: neither the certificates nor the sets that wait are read; the fields for them are null. */
  readonly depth: 'current' | 'all';
}

const STATES: Readonly<Record<ListQuestion['depth'], readonly CertificateState[]>> = {
  current: ['current'],
  all: ['current', 'future'],
};

/**
 * Servers by path, all of them or those that were named, in batches: only one is in memory. Throws
 * `unknown-member`, `ambiguous-member` before the first.
 */
export async function* listServerCertificates(
  ctx: GlanceContext,
  words: readonly string[],
  question: ListQuestion,
): AsyncGenerator<readonly ServerCertificate[], void> {
  const revoked = await revokedInUse(ctx);
  for await (const members of chosenBatches(ctx, words))
    yield serverCertificates(ctx, members.filter(isServer), { ...question, revoked });
}

async function* chosenBatches(
  ctx: GlanceContext,
  words: readonly string[],
): AsyncGenerator<readonly Member[], void> {
  if (words.length === 0) {
    yield* membersByPath(ctx);
    return;
  }
  const named = await findMembers(ctx, words, findServer);
  yield ctx.store.membersById([...new Set(named.map(({ id }) => id))]);
}

/** All members by path, batch by batch. */
export async function* membersByPath(ctx: GlanceContext): AsyncGenerator<readonly Member[], void> {
  const limit = ctx.batchSize;
  for (let after: string | null = null; ;) {
    const members: readonly Member[] = await ctx.store.membersAfter({ after, limit });
    if (members.length > 0) yield members;
    if (members.length < limit) return;
    after = members.at(-1)?.path ?? null;
  }
}

/** These servers with what belongs to them, in their order. */
export async function serverCertificates(
  ctx: GlanceContext,
  members: readonly Member[],
  { now, depth, revoked }: ListQuestion & { readonly revoked: ReadonlySet<Fingerprint> },
): Promise<readonly ServerCertificate[]> {
  const ids = members.map(({ id }) => id);
  const records = await ctx.store.certificatesOf(ids, STATES[depth]);
  const current = byMember(records.filter(({ state }) => state === 'current'));
  const future = byMember(records.filter(({ state }) => state === 'future'));
  const sets = groupSets(depth === 'all' ? await ctx.store.setsOf(ids) : []);
  const parts = await newestParts(ctx, ids);
  const requests = await ctx.store.requestsOf(ids);
  return members.map((member) => {
    const { operation, part } = parts.get(member.id) ?? {};
    const own = sets.get(member.id) ?? [];
    const request = openRequest(requests, member.id);
    const used = current.get(member.id);
    const isRevoked = isAmong(revoked, used);
    return {
      member,
      home: memberHome(ctx.zoneHome, member),
      current: used ?? null,
      future: future.get(member.id) ?? null,
      status: certificateStatus({ current: used, revoked: isRevoked, part, request }, now),
      revoked: isRevoked,
      request: request ?? null,
      operation: operation ?? null,
      part: part ?? null,
      live: own.find(({ state }) => state === 'live') ?? null,
      waiting:
        own.find(({ number, state }) => number === part?.futureSet && state === 'ready') ?? null,
    };
  });
}
