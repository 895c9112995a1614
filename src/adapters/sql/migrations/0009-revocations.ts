import type { Migration } from '../migration.js';

/** Revoked certificates, the CRLs that name them, and the certificates that belong to no server. */
export const REVOCATIONS: Migration = {
  version: 9,
  name: 'revocations',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE revocations (
      fingerprint ${text} PRIMARY KEY, issuer_spki_sha256 ${text} NOT NULL,
      serial ${text} NOT NULL, reason ${text} NOT NULL, revoked_at ${integer} NOT NULL,
      invalidity_date ${integer}, not_after ${integer} NOT NULL, listed_in ${integer},
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    'CREATE INDEX revocations_by_issuer ON revocations (issuer_spki_sha256, not_after)',
    'CREATE INDEX revocations_unlisted ON revocations (revoked_at) WHERE listed_in IS NULL',
    `CREATE TABLE crl_issuers (
      issuer_spki_sha256 ${text} PRIMARY KEY, generation ${integer} NOT NULL,
      floor ${integer} NOT NULL, crl ${text}, published ${integer} NOT NULL,
      row_digest ${text} NOT NULL
    )${tableSuffix}`,
    ...['client', 'subordinate'].map(
      (purpose) =>
        `CREATE INDEX certificates_${purpose} ON certificates (recorded_at, fingerprint) WHERE purpose = '${purpose}'`,
    ),
  ],
};
