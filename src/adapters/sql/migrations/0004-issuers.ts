import type { Migration } from '../migration.js';

/** Indexes for the few certificates of the CA among those of all servers. */
export const ISSUERS: Migration = {
  version: 4,
  name: 'issuers',
  statements: () =>
    ['ca', 'cross'].map(
      (purpose) =>
        `CREATE INDEX certificates_${purpose} ON certificates (recorded_at, fingerprint) WHERE purpose = '${purpose}'`,
    ),
};
