import type { CertificateRecord } from './certificate-record.js';
import type { PlannedAuthority, RemintRequest } from './remint-plan.js';

/** What a remint is about, before any member was looked at. */
export interface RemintDraft {
  readonly request: RemintRequest;
  readonly placedByHand: ReadonlySet<string>;
  /** The certificate of the CA that issues today. */
  readonly ca: CertificateRecord;
  /** The CA to be minted; null: the one of today issues. */
  readonly authority: PlannedAuthority | null;
}
