import type { Migration } from '../migration.js';

/** Indexes for walking over large zones by pages. */
export const WALKS: Migration = {
  version: 2,
  name: 'walks',
  statements: () => [
    'CREATE INDEX operation_members_in_order ON operation_members (operation_id, position, member_id)',
    "CREATE INDEX member_sets_unfinished ON member_sets (member_id, number) WHERE purpose = 'first' AND state = 'ready'",
  ],
};
