import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';

/** How many members there are. */
export interface MemberCounts {
  readonly servers: number;
  readonly devices: number;
  /** Members that have a folder which zmint reaches. */
  readonly reachable: number;
}

/** Current server certificates by where they stand at an instant (`certificateLife`). */
export interface LifeCounts {
  readonly current: number;
  readonly expired: number;
  readonly notYetValid: number;
  /** Valid at the instant, and over before the other one. */
  readonly ending: number;
  /** Certificates that wait for their activation. */
  readonly future: number;
}

/** A server with its current certificate. */
export interface CertifiedServer {
  readonly member: Member;
  readonly certificate: CertificateRecord;
}

/**
 * What can be said about a zone at a glance, however large it is: from indexes, without reading every
 * row. Counts are what the indexes say; every row that is returned is checked against its digest, so
 * that these methods throw `damaged`.
 */
export interface ZoneCounts {
  members(): Promise<MemberCounts>;
  member(id: string): Promise<Member | undefined>;
  /** Servers have one current certificate at most. */
  lives(now: Instant, endingBefore: Instant): Promise<LifeCounts>;
  /** Current server certificates that are over before the instant. */
  endingBefore(instant: Instant): Promise<number>;
  /** The servers whose current certificates end first, by their ends; none twice. */
  soonest(limit: number): Promise<readonly CertifiedServer[]>;
  /** Names of the servers without a current certificate, by path; with `future`, of those that have none waiting either. */
  without(what: 'current' | 'future'): Promise<readonly string[]>;
  /** First sets that are not live yet. */
  unfinishedSets(): Promise<number>;
  /** The first members by path, with their sets by number. */
  firstMembers(limit: number): Promise<readonly MemberWithSets[]>;
}

export interface MemberWithSets {
  readonly member: Member;
  readonly sets: readonly MemberSet[];
}
