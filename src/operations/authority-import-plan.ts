import type { Certificate } from '../x509/certificate.js';
import type { AuthorityRequest } from '../zone/authority-request.js';
import type { CutList } from '../zone/cut-list.js';
import type { Instant } from '../zone/instant.js';
import type { RemintPlan, RemintRequest } from '../zone/remint-plan.js';
import type { ImportFile } from './import-plan.js';

/** What a person asked of an import that may bring the certificate of the zone's CA. */
export interface AuthorityImportRequest {
  readonly files: readonly ImportFile[];
  /** Null: as it was said when the request was made. */
  readonly activateAt: RemintRequest['activateAt'] | null;
  /** Without a fresh verified backup, which holds the waiting key too, the CA is not changed. */
  readonly freshBackup: boolean;
}

/** The certificate of a requested CA and what goes on with it, decided: nothing has been written. */
export interface AuthorityImportPlan {
  /** The audit sequence that the plan was made on. */
  readonly basis: number;
  readonly at: Instant;
  readonly request: AuthorityRequest;
  readonly certificate: Certificate;
  /** Above it: its issuer first, the root that members are to trust last. */
  readonly parents: readonly Certificate[];
  /** The change to it; null: it is the first CA of the zone and is used at once. */
  readonly remint: RemintPlan | null;
  /** Names of the servers that get their first certificate. */
  readonly first: CutList<string>;
  /** What was passed over in the files, in words. */
  readonly notes: readonly string[];
  readonly warnings: readonly string[];
}
