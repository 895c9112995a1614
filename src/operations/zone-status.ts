import type { ReadContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import { authorityRenewal } from '../zone/authority-renewal.js';
import { certificateLife, daysLeft } from '../zone/certificate-life.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import { decideGate, type Gate } from '../zone/decide-gate.js';
import { decideNextStep, type NextStep } from '../zone/decide-next-step.js';
import { decideStanding, type Standing } from '../zone/decide-standing.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberProblem, Operation } from '../zone/operation.js';
import type { Zone } from '../zone/zone.js';
import {
  activeAuthority,
  authorityCertificate,
  memberById,
  servers,
  type ZoneSnapshot,
} from '../zone/zone-snapshot.js';
import { observeLinks, type LinkObservation } from './observe-links.js';
import { readSnapshot } from './read-snapshot.js';

/** The CA in use, as the database tells it. */
export interface AuthorityStatus {
  readonly authority: Authority;
  readonly certificate: CertificateRecord;
  /** The server that holds its key; null for an external CA. */
  readonly server: Member | null;
}

/** Servers by where their certificate stands; the first four add up to `total`. */
export interface ServerCounts {
  readonly total: number;
  readonly active: number;
  readonly expired: number;
  readonly notYetValid: number;
  readonly without: number;
  /** Active ones that end within 30 days. */
  readonly ending: number;
  /** Servers with a certificate that waits for its activation. */
  readonly future: number;
  /** The server whose certificate ends first. */
  readonly soonest: { readonly name: string; readonly ends: Instant } | null;
}

/** An operation that runs. */
export interface OperationStatus {
  readonly operation: Operation;
  readonly standing: Standing;
  readonly gate: Gate;
  /** Servers that get a new certificate, and how many of them serve it already. */
  readonly servers: number;
  readonly switched: number;
  readonly problems: readonly { readonly member: string; readonly problem: MemberProblem }[];
}

/** The zone at a glance. */
export interface ZoneStatus {
  readonly zone: Zone;
  readonly zoneHome: string;
  readonly now: Instant;
  readonly authority: AuthorityStatus | null;
  /** Generations that wait or leave. */
  readonly others: readonly Authority[];
  readonly servers: ServerCounts;
  readonly devices: number;
  readonly operations: readonly OperationStatus[];
  readonly links: LinkObservation;
  /** The operation that ended last. */
  readonly lastOperation: Operation | null;
  readonly next: NextStep | null;
}

/** A server certificate that ends within so many days is pointed at. */
const ENDING_DAYS = 30;

/**
 * Reads the zone at a glance: database rows and `live` links only; no key, no certificate and no
 * server is opened. Throws what `ZoneReader` throws.
 */
export async function readStatus(ctx: ReadContext, now: Instant): Promise<ZoneStatus> {
  const snapshot = await readSnapshot(ctx, now);
  const links = await observeLinks(ctx, snapshot);
  const ended = await ctx.store.operations(['done', 'cancelled']);
  const operations = snapshot.pending.map((operation) => operationStatus(snapshot, operation));
  const authority = authorityStatus(snapshot);
  const counts = countServers(snapshot);
  const next = decideNextStep({
    now,
    authorityEnds: authority?.certificate.notAfter ?? null,
    renewal: authorityRenewal(authority?.authority),
    operations: operations.map(({ operation, standing, gate, problems }) => ({
      id: operation.id,
      standing,
      missing: gate.missing.length,
      failed: problems.map(({ member }) => member),
    })),
    unfinished: unfinishedSets(snapshot),
    differing: links.differences.length,
    expired: counts.expired,
    ending: counts.ending,
    without: withoutCertificate(snapshot),
  });
  return {
    zone: snapshot.zone,
    zoneHome: ctx.zoneHome,
    now,
    authority,
    others: snapshot.authorities.filter(({ state }) => state === 'future' || state === 'retiring'),
    servers: counts,
    devices: snapshot.members.length - counts.total,
    operations,
    links,
    lastOperation: newest(ended),
    next: next ?? null,
  };
}

function authorityStatus(snapshot: ZoneSnapshot): AuthorityStatus | null {
  const authority = activeAuthority(snapshot);
  const certificate =
    authority === undefined ? undefined : authorityCertificate(snapshot, authority);
  if (authority === undefined || certificate === undefined) return null;
  return {
    authority,
    certificate,
    server: memberById(snapshot, authority.keyMemberId ?? '') ?? null,
  };
}

/** An operation that runs, with its gate and what its members said. */
export function operationStatus(snapshot: ZoneSnapshot, operation: Operation): OperationStatus {
  const parts = snapshot.parts.get(operation.id) ?? [];
  const gate = decideGate(operation, parts, snapshot.members);
  const planned = parts.filter((part) => part.planned !== null);
  return {
    operation,
    standing: decideStanding({ operation, parts, gate, now: snapshot.now }),
    gate,
    servers: planned.length,
    switched: planned.filter((part) => part.evidence !== null).length,
    problems: parts.flatMap(({ memberId, problem }) => {
      const member = memberById(snapshot, memberId);
      return problem === null || member === undefined ? [] : [{ member: member.name, problem }];
    }),
  };
}

function countServers(snapshot: ZoneSnapshot): ServerCounts {
  const counts = { active: 0, expired: 0, notYetValid: 0, without: 0, ending: 0, future: 0 };
  let soonest: ServerCounts['soonest'] = null;
  const all = servers(snapshot);
  for (const { id, name } of all) {
    if (snapshot.future.has(id)) counts.future += 1;
    const current = snapshot.current.get(id);
    if (current === undefined) {
      counts.without += 1;
      continue;
    }
    const life = certificateLife(current, snapshot.now);
    counts[life === 'not-yet-valid' ? 'notYetValid' : life] += 1;
    const ends = current.notAfter;
    if (life === 'active' && daysLeft(ends, snapshot.now) < ENDING_DAYS) counts.ending += 1;
    if (soonest === null || ends < soonest.ends) soonest = { name, ends };
  }
  return { total: all.length, ...counts, soonest };
}

function unfinishedSets(snapshot: ZoneSnapshot): number {
  const sets = [...snapshot.sets.values()].flat();
  return sets.filter((set) => set.purpose === 'first' && set.state === 'ready').length;
}

function withoutCertificate(snapshot: ZoneSnapshot): readonly string[] {
  return servers(snapshot)
    .filter(({ id }) => !snapshot.current.has(id) && !snapshot.future.has(id))
    .map(({ name }) => name);
}

function newest(operations: readonly Operation[]): Operation | null {
  return operations.reduce<Operation | null>(
    (last, one) => (last === null || (one.endedAt ?? 0) >= (last.endedAt ?? 0) ? one : last),
    null,
  );
}
