import type { Authority } from './authority.js';
import type { AuthorityRequest } from './authority-request.js';
import type { CertificateRecord } from './certificate-record.js';
import type { Instant } from './instant.js';
import { isServer, type Member } from './member.js';
import type { MemberSet } from './member-set.js';
import type { Operation, OperationMember } from './operation.js';
import type { Zone } from './zone.js';

/**
 * The zone as its database tells it at one moment; what decisions are made from. Of a large zone it
 * may hold a batch of members with what belongs to them, beside the whole of everything else.
 */
export interface ZoneSnapshot {
  readonly zone: Zone;
  /** All of them, or those of the batch. */
  readonly members: readonly Member[];
  readonly authorities: readonly Authority[];
  /** Requests for the certificates of subordinate CAs, by generation. */
  readonly authorityRequests: readonly AuthorityRequest[];
  /** The CA's own certificates, those above it and cross-certificates. */
  readonly authorityCertificates: readonly CertificateRecord[];
  /** A server's certificate in use, by member id. */
  readonly current: ReadonlyMap<string, CertificateRecord>;
  /** A server's certificate that waits, by member id. */
  readonly future: ReadonlyMap<string, CertificateRecord>;
  readonly sets: ReadonlyMap<string, readonly MemberSet[]>;
  /** Operations that are neither done nor cancelled, oldest first. */
  readonly pending: readonly Operation[];
  readonly parts: ReadonlyMap<string, readonly OperationMember[]>;
  /** The sequence of the newest audit event. */
  readonly sequence: number;
  readonly now: Instant;
}

/** The generation that issues today; undefined while the first CA waits for its certificate. */
export function activeAuthority(snapshot: ZoneSnapshot): Authority | undefined {
  return snapshot.authorities.find((authority) => authority.state === 'active');
}

/** The record of a generation's own certificate. */
export function authorityCertificate(
  snapshot: ZoneSnapshot,
  authority: Authority,
): CertificateRecord | undefined {
  return snapshot.authorityCertificates.find(
    (record) => record.fingerprint === authority.certificate,
  );
}

export function servers(snapshot: ZoneSnapshot): readonly Member[] {
  return snapshot.members.filter(isServer);
}

export function memberById(snapshot: ZoneSnapshot, id: string): Member | undefined {
  const known = indexes.get(snapshot.members);
  if (known !== undefined) return known.get(id);
  const index = new Map(snapshot.members.map((member) => [member.id, member]));
  indexes.set(snapshot.members, index);
  return index.get(id);
}

/** Members by id, kept as long as their list is. */
const indexes = new WeakMap<readonly Member[], ReadonlyMap<string, Member>>();

/** The set that the database says `live` points to. */
export function liveSet(snapshot: ZoneSnapshot, memberId: string): MemberSet | undefined {
  return snapshot.sets.get(memberId)?.find((set) => set.state === 'live');
}

/** One above the highest number that the member's sets ever had. */
export function nextSetNumber(snapshot: ZoneSnapshot, memberId: string): number {
  return 1 + Math.max(0, ...(snapshot.sets.get(memberId) ?? []).map((set) => set.number));
}

/** The generation in whose folder the key lies: the first one with the same public key. */
export function keyGeneration(authorities: readonly Authority[], authority: Authority): number {
  const sharing = authorities.filter((other) => other.spkiSha256 === authority.spkiSha256);
  return Math.min(authority.generation, ...sharing.map((other) => other.generation));
}

/** A CA operation that has neither ended nor been cancelled. */
export function caOperation(snapshot: ZoneSnapshot): Operation | undefined {
  return snapshot.pending.find((operation) => operation.kind === 'ca-remint');
}

/** One above the highest generation that there ever was, or that was asked for. */
export function nextGeneration({
  authorities,
  authorityRequests,
}: Pick<ZoneSnapshot, 'authorities' | 'authorityRequests'>): number {
  return 1 + Math.max(0, ...[...authorities, ...authorityRequests].map((one) => one.generation));
}
