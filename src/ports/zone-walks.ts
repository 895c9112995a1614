import type { CertificateRecord, CertificateState } from '../zone/certificate-record.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import type { Member } from '../zone/member.js';
import type { MemberSet, SetPurpose, SetState } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { PartCursor, PartSelection } from '../zone/part-selection.js';
import type { ShortLines } from './server-lines.js';

/** How many rows at most, and behind which one. */
export interface Page<Cursor> {
  /** Exclusive; null: from the beginning. */
  readonly after: Cursor | null;
  readonly limit: number;
}

/** What a line of a list needs of a server, of two rows that were checked. */
export interface ServerLine extends Pick<Member, 'id' | 'name' | 'path'> {
  /** Its certificate in use; null: none. */
  readonly current: Pick<
    CertificateRecord,
    'fingerprint' | 'notBefore' | 'notAfter' | 'spkiSha256'
  > | null;
}

/**
 * Ways through zones that are too large to be in memory: by pages, by keys, by counts. What a page
 * shows is checked as all rows are; counts are what the tables say.
 */
export interface ZoneWalks {
  operation(id: string): Promise<Operation | undefined>;
  /** By order of activation, then member's id. */
  partsAfter(
    operationId: string,
    selection: PartSelection,
    page: Page<PartCursor>,
  ): Promise<readonly OperationMember[]>;
  countParts(operationId: string, selection: PartSelection): Promise<number>;
  /** The parts of these members in any of these operations, in no order. */
  partsOf(
    memberIds: readonly string[],
    operationIds: readonly string[],
  ): Promise<readonly OperationMember[]>;
  /** By path; the cursor is a path. */
  membersAfter(page: Page<string>): Promise<readonly Member[]>;
  /** Servers alone, by path; the cursor is a path. */
  serverLinesAfter(page: Page<string>): Promise<readonly ServerLine[]>;
  /** Servers alone, by path, some hundred of those behind this one; null: from the beginning. */
  shortLinesAfter(path: string | null): Promise<ShortLines>;
  countMembers(): Promise<number>;
  /** Those that are there, by path. */
  membersById(ids: readonly string[]): Promise<readonly Member[]>;
  /** Those with one of these names, by path. */
  membersNamed(names: readonly string[]): Promise<readonly Member[]>;
  /**
   * Those whose own home is one of these folders, holds one or lies in one, by path; paths are
   * compared as they are written. For a few hundred folders at most.
   */
  membersAround(homes: readonly string[]): Promise<readonly Member[]>;
  /** The first member whose name begins so, by name. */
  memberLike(start: string): Promise<Member | undefined>;
  /** By member, then number. */
  setsOf(memberIds: readonly string[]): Promise<readonly MemberSet[]>;
  /** By member, then number. */
  setsIn(purpose: SetPurpose, state: SetState): Promise<readonly MemberSet[]>;
  /** Server certificates of these members in one of these states, by time of recording, then fingerprint. */
  certificatesOf(
    memberIds: readonly string[],
    states: readonly CertificateState[],
  ): Promise<readonly CertificateRecord[]>;
  /** Server certificates in use that a generation of the CA issued, by end; at most so many. */
  currentOf(generation: number, limit: number): Promise<readonly CertificateRecord[]>;
  /** Server certificates with this public key, by time of recording, then fingerprint. */
  certificatesWithKey(spkiSha256: string): Promise<readonly CertificateRecord[]>;
  /** Requests of these members, by member, then number. */
  requestsOf(memberIds: readonly string[]): Promise<readonly CertificateRequest[]>;
  /** Whether any request waits or has failed (`isOpen`). */
  hasOpenRequests(): Promise<boolean>;
  /** Those that are there, in no order. */
  certificatesNamed(fingerprints: readonly string[]): Promise<readonly CertificateRecord[]>;
}
