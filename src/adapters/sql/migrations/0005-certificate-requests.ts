import type { Migration } from '../migration.js';

/** The requests to external CAs. */
export const CERTIFICATE_REQUESTS: Migration = {
  version: 5,
  name: 'certificate-requests',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE certificate_requests (
      member_id ${text} NOT NULL, number ${integer} NOT NULL, state ${text} NOT NULL,
      subject ${text} NOT NULL, dns_names ${text} NOT NULL, ip_addresses ${text} NOT NULL,
      key_spec ${text} NOT NULL, spki_sha256 ${text}, csr ${text}, problem ${text},
      created_at ${integer} NOT NULL, row_digest ${text} NOT NULL,
      PRIMARY KEY (member_id, number)
    )${tableSuffix}`,
    'CREATE INDEX certificate_requests_by_key ON certificate_requests (spki_sha256)',
  ],
};
