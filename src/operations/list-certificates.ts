import type { ReadContext } from '../ports/context.js';
import { certificateStatus, type CertificateStatus } from '../zone/certificate-status.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { openRequest, type CertificateRequest } from '../zone/certificate-request.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import { findServer } from '../zone/member-path.js';
import { isServer, type Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';
import { readSnapshot } from './read-snapshot.js';

/** A server with its certificates, as the manuals' pane shows them. */
export interface ServerCertificate {
  readonly member: Member;
  readonly home: string | null;
  readonly current: CertificateRecord | null;
  readonly future: CertificateRecord | null;
  readonly status: CertificateStatus;
  /** The request that waits for what a CA signs, or failed; null: none. */
  readonly request: CertificateRequest | null;
  /** The running operation that the server has a part in, the newest one; null: none. */
  readonly operation: Operation | null;
  readonly part: OperationMember | null;
  /** The set that is recorded as live, and the one that waits. */
  readonly live: MemberSet | null;
  readonly waiting: MemberSet | null;
}

/** Servers by path, all of them or those that were named. Throws `unknown-member`, `ambiguous-member`. */
export async function listServerCertificates(
  ctx: ReadContext,
  words: readonly string[],
  now: Instant,
): Promise<readonly ServerCertificate[]> {
  const snapshot = await readSnapshot(ctx, now);
  const requests = await ctx.store.requests();
  const named = new Set(words.map((word) => findServer(snapshot.members, word).id));
  return snapshot.members
    .filter((member) => isServer(member) && (named.size === 0 || named.has(member.id)))
    .map((member) => serverCertificate(ctx, { snapshot, requests }, member));
}

/** One server's pane from a snapshot that was read already. */
export function serverCertificate(
  ctx: Pick<ReadContext, 'zoneHome'>,
  zone: { readonly snapshot: ZoneSnapshot; readonly requests: readonly CertificateRequest[] },
  member: Member,
): ServerCertificate {
  const { snapshot } = zone;
  const current = snapshot.current.get(member.id);
  const operation = [...snapshot.pending]
    .reverse()
    .find(({ id }) => partOf(snapshot, id, member) !== undefined);
  const part = operation === undefined ? undefined : partOf(snapshot, operation.id, member);
  const request = openRequest(zone.requests, member.id);
  const sets = snapshot.sets.get(member.id) ?? [];
  return {
    member,
    home: memberHome(ctx.zoneHome, member),
    current: current ?? null,
    future: snapshot.future.get(member.id) ?? null,
    status: certificateStatus({ current, part, request }, snapshot.now),
    request: request ?? null,
    operation: operation ?? null,
    part: part ?? null,
    live: liveSet(snapshot, member.id) ?? null,
    waiting: sets.find((set) => set.number === part?.futureSet && set.state === 'ready') ?? null,
  };
}

function partOf(
  snapshot: ZoneSnapshot,
  operationId: string,
  member: Member,
): OperationMember | undefined {
  return snapshot.parts.get(operationId)?.find((part) => part.memberId === member.id);
}
