import type { AuditEntry, AuditEvent } from '../zone/audit-event.js';
import type { Administrator } from '../zone/administrator.js';
import type { Authority } from '../zone/authority.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import type { CaMove } from '../zone/ca-move.js';
import type {
  CertificatePurpose,
  CertificateRecord,
  CertificateState,
} from '../zone/certificate-record.js';
import type { CertificateRequest } from '../zone/certificate-request.js';
import type { Change, ChangeStream } from '../zone/change.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { OperationPhase } from '../zone/operation-terms.js';
import type { TokenKey } from '../zone/token-key.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import type { VerifiedBackup } from '../zone/verified-backup.js';
import type { Zone } from '../zone/zone.js';
import type { RevocationReader } from './revocation-reader.js';
import type { ZoneWalks } from './zone-walks.js';

export interface CertificateFilter {
  readonly memberId?: string;
  readonly purpose?: CertificatePurpose;
  readonly states?: readonly CertificateState[];
  readonly operationId?: string;
}

/**
 * The zone's database for reading. A reader never writes and never waits for a writer; each call
 * sees a state between two transactions. Lists come in a fixed order, named at each.
 */
export interface ZoneReader extends ZoneWalks, RevocationReader {
  /** Throws `no-zone` when there is none, `damaged` when the database cannot be trusted. */
  zone(): Promise<Zone>;
  /** By path. */
  members(): Promise<readonly Member[]>;
  /** By generation. */
  authorities(): Promise<readonly Authority[]>;
  /** By generation. */
  authorityRequests(): Promise<readonly AuthorityRequest[]>;
  /** By time of recording, then fingerprint. */
  certificates(filter: CertificateFilter): Promise<readonly CertificateRecord[]>;
  certificate(fingerprint: Fingerprint): Promise<CertificateRecord | undefined>;
  /** The bytes as received, in the order asked for. Throws `damaged` when one is missing or altered. */
  der(fingerprints: readonly Fingerprint[]): Promise<readonly Uint8Array[]>;
  /** By member, then number. Without a member: of all. */
  sets(memberId?: string): Promise<readonly MemberSet[]>;
  /** Oldest first. */
  operations(phases?: readonly OperationPhase[]): Promise<readonly Operation[]>;
  /** By order. */
  operationMembers(operationId: string): Promise<readonly OperationMember[]>;
  /** By alias. */
  anchors(): Promise<readonly TrustAnchor[]>;
  /** The keys of the CA that lie in tokens, by public key. */
  tokenKeys(): Promise<readonly TokenKey[]>;
  /** By member, then number. */
  requests(): Promise<readonly CertificateRequest[]>;
  /** The verified backup that was made last; undefined when there is none. */
  lastBackup(): Promise<VerifiedBackup | undefined>;
  /** The move of the CA role that is not over, if there is one. */
  caMove(): Promise<CaMove | undefined>;
  /** By name. */
  administrators(): Promise<readonly Administrator[]>;
  administrator(name: string): Promise<Administrator | undefined>;
  /** By sequence, from `after` (exclusive), at most `limit`. */
  events(after: number, limit: number): Promise<readonly AuditEvent[]>;
  /** The newest ones, by sequence. */
  lastEvents(limit: number): Promise<readonly AuditEvent[]>;
  /** Rows whose digest does not fit them, and pages that SQLite itself finds wrong; empty when all is well. */
  damage(): Promise<readonly string[]>;
  close(): void;
}

/** The zone's database for the one writer. */
export interface ZoneStore extends ZoneReader {
  /**
   * Makes all changes and records the audit entry, or none of it. When it returns, both survive a
   * power cut (I-16, I-25). Throws `policy` when a serial number was taken already, `storage` when
   * the disk refuses; then nothing has changed.
   *
   * A stream of changes is made as it comes, in one transaction, so that it need not be in memory at
   * once; while it runs it may read the store, but nothing else may write to it.
   */
  commit(entry: AuditEntry, changes: readonly Change[] | ChangeStream): Promise<void>;
}
