import type { Migration } from '../migration.js';

/** Finds sets from outside whose switch was cut short without reading all sets. */
export const UNFINISHED_IMPORTS: Migration = {
  version: 6,
  name: 'unfinished-imports',
  statements: () => [
    "CREATE INDEX member_sets_placed ON member_sets (member_id, number) WHERE purpose = 'placed' AND state = 'ready'",
  ],
};
