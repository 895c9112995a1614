import type { Administrator } from './administrator.js';
import type { Authority } from './authority.js';
import type { AuthorityRequest } from './authority-request.js';
import type { CaMove } from './ca-move.js';
import type {
  CertificateRecord,
  CertificateState,
  SerialReservation,
} from './certificate-record.js';
import type { CertificateRequest } from './certificate-request.js';
import type { CrlIssuer } from './crl-issuer.js';
import type { Fingerprint } from './fingerprint.js';
import type { Member } from './member.js';
import type { MemberSet } from './member-set.js';
import type { Operation, OperationMember } from './operation.js';
import type { Revocation } from './revocation.js';
import type { TokenKey } from './token-key.js';
import type { TrustAnchor } from './trust-anchor.js';
import type { VerifiedBackup } from './verified-backup.js';
import type { Zone } from './zone.js';

/**
 * One change of the zone's database as a value. `put-…` writes the whole row, new or not; a
 * transaction is a list of these with the audit entry that explains it.
 */
export type Change =
  | { readonly type: 'put-zone'; readonly zone: Zone }
  | { readonly type: 'put-members'; readonly members: readonly Member[] }
  | { readonly type: 'remove-member'; readonly memberId: string }
  | { readonly type: 'put-authority'; readonly authority: Authority }
  | { readonly type: 'put-authority-request'; readonly request: AuthorityRequest }
  | { readonly type: 'reserve-serials'; readonly serials: readonly SerialReservation[] }
  | {
      readonly type: 'add-certificates';
      readonly certificates: readonly {
        readonly record: CertificateRecord;
        readonly der: Uint8Array;
      }[];
    }
  | {
      readonly type: 'set-certificate-state';
      readonly fingerprints: readonly Fingerprint[];
      readonly state: CertificateState;
    }
  /** One that was given up is `future` again, in another operation; nothing for one that is not there. */
  | {
      readonly type: 'take-certificate-again';
      readonly fingerprint: Fingerprint;
      readonly operationId: string;
    }
  | { readonly type: 'put-sets'; readonly sets: readonly MemberSet[] }
  | { readonly type: 'put-operation'; readonly operation: Operation }
  | { readonly type: 'put-operation-members'; readonly members: readonly OperationMember[] }
  | { readonly type: 'put-anchor'; readonly anchor: TrustAnchor }
  | { readonly type: 'put-requests'; readonly requests: readonly CertificateRequest[] }
  | { readonly type: 'put-token-key'; readonly key: TokenKey }
  | { readonly type: 'put-backup'; readonly backup: VerifiedBackup }
  | { readonly type: 'remove-anchor'; readonly alias: string }
  | { readonly type: 'put-ca-move'; readonly move: CaMove }
  | { readonly type: 'remove-ca-move' }
  | { readonly type: 'put-administrator'; readonly administrator: Administrator }
  | { readonly type: 'remove-administrator'; readonly name: string }
  | { readonly type: 'put-revocations'; readonly revocations: readonly Revocation[] }
  | { readonly type: 'put-crl-issuers'; readonly issuers: readonly CrlIssuer[] };

/** Changes that are made as they come. */
export type ChangeStream = AsyncIterable<Change>;
