import type { Migration } from '../migration.js';

/** Keys of the CA that lie in tokens. */
export const TOKEN_KEYS: Migration = {
  version: 11,
  name: 'token-keys',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE token_keys (
      spki_sha256 ${text} NOT NULL PRIMARY KEY, uri ${text} NOT NULL,
      recorded_at ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
  ],
};
