import type { Migration } from './migration.js';
import { ZONE_TABLES } from './migrations/0001-zone-tables.js';
import { WALKS } from './migrations/0002-walks.js';
import { GLANCES } from './migrations/0003-glances.js';
import { ISSUERS } from './migrations/0004-issuers.js';
import { CERTIFICATE_REQUESTS } from './migrations/0005-certificate-requests.js';
import { UNFINISHED_IMPORTS } from './migrations/0006-unfinished-imports.js';
import { VERIFIED_BACKUPS } from './migrations/0007-verified-backups.js';
import { MOVES_AND_ADMINISTRATORS } from './migrations/0008-moves-and-administrators.js';
import { REVOCATIONS } from './migrations/0009-revocations.js';
import { AUTHORITY_REQUESTS } from './migrations/0010-authority-requests.js';
import { TOKEN_KEYS } from './migrations/0011-token-keys.js';
import { STANDING_PARTS } from './migrations/0012-standing-parts.js';
import { KEPT_COUNTS } from './migrations/0013-kept-counts.js';
import { KEPT_LINES } from './migrations/0014-kept-lines.js';

/** Every step of the schema, in order; new ones are added at the end. */
export const MIGRATIONS: readonly Migration[] = [
  ZONE_TABLES,
  WALKS,
  GLANCES,
  ISSUERS,
  CERTIFICATE_REQUESTS,
  UNFINISHED_IMPORTS,
  VERIFIED_BACKUPS,
  MOVES_AND_ADMINISTRATORS,
  REVOCATIONS,
  AUTHORITY_REQUESTS,
  TOKEN_KEYS,
  STANDING_PARTS,
  KEPT_COUNTS,
  KEPT_LINES,
];
