import type { Migration } from '../migration.js';

/** A move of the CA role that is not over, and who may sign in to the service. */
export const MOVES_AND_ADMINISTRATORS: Migration = {
  version: 8,
  name: 'moves-and-administrators',
  statements: ({ integer, text, tableSuffix }) => [
    `CREATE TABLE ca_moves (
      from_member_id ${text} NOT NULL, to_member_id ${text} NOT NULL, from_home ${text} NOT NULL,
      to_home ${text} NOT NULL, state ${text} NOT NULL, generations ${text} NOT NULL,
      started_by ${text} NOT NULL, started_at ${integer} NOT NULL, row_digest ${text} NOT NULL,
      PRIMARY KEY (from_member_id, to_member_id)
    )${tableSuffix}`,
    `CREATE TABLE administrators (
      name ${text} PRIMARY KEY, privilege ${text} NOT NULL, password ${text} NOT NULL,
      added_at ${integer} NOT NULL, password_set_at ${integer} NOT NULL, row_digest ${text} NOT NULL
    )${tableSuffix}`,
  ],
};
