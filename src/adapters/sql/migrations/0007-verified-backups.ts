import type { Migration } from '../migration.js';

/** The backups that were proved; few rows, read by the newest. */
export const VERIFIED_BACKUPS: Migration = {
  version: 7,
  name: 'verified-backups',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE verified_backups (
      sha256 ${text} PRIMARY KEY, path ${text} NOT NULL,
      head_sequence ${integer} NOT NULL, head_hash ${text} NOT NULL,
      generation ${integer} NOT NULL, made_at ${integer} NOT NULL,
      verified_at ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
    'CREATE INDEX verified_backups_by_age ON verified_backups (made_at)',
  ],
};
