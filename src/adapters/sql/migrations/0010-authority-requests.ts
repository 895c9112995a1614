import type { Migration } from '../migration.js';

/** Requests for the certificates of subordinate CAs, and what stands above those that were signed. */
export const AUTHORITY_REQUESTS: Migration = {
  version: 10,
  name: 'authority-requests',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE authority_requests (
      generation ${integer} PRIMARY KEY, state ${text} NOT NULL, common_name ${text} NOT NULL,
      subject ${text} NOT NULL, key_spec ${text} NOT NULL, spki_sha256 ${text} NOT NULL,
      csr ${text} NOT NULL, key_member_id ${text} NOT NULL, custody ${text} NOT NULL,
      wish ${text}, created_at ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
    `CREATE TABLE authority_parents (
      generation ${integer} PRIMARY KEY
        REFERENCES authorities (generation) DEFERRABLE INITIALLY DEFERRED,
      parents ${text} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
  ],
};
