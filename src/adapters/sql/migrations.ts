import type { Migration } from './migration.js';
import { ZONE_TABLES } from './migrations/0001-zone-tables.js';
import { CERTIFICATE_REQUESTS } from './migrations/0004-certificate-requests.js';

/** Every step of the schema, in order; new ones are added at the end. */
export const MIGRATIONS: readonly Migration[] = [ZONE_TABLES, CERTIFICATE_REQUESTS];
