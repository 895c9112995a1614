import type { Migration } from '../migration.js';

/** Indexes for what is asked every minute: members that are no servers, certificates that begin later. */
export const GLANCES: Migration = {
  version: 3,
  name: 'glances',
  statements: () => [
    "CREATE INDEX members_apart ON members (home, id) WHERE kind NOT IN ('primary', 'satellite')",
    "CREATE INDEX certificates_starting ON certificates (purpose, not_before) WHERE state = 'current'",
  ],
};
