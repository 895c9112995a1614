import type { Migration } from '../migration.js';

/** Counts and finds the parts of an operation that waits without reading all of them. */
export const STANDING_PARTS: Migration = {
  version: 12,
  name: 'standing-parts',
  statements: ({ text, tableSuffix }) => [
    `CREATE TABLE departed_members (member_id ${text} NOT NULL PRIMARY KEY)${tableSuffix}`,
    `INSERT INTO departed_members (member_id)
      SELECT DISTINCT member_id FROM operation_members
      WHERE member_id NOT IN (SELECT id FROM members)`,
    indexOf('planned', 'planned IS NOT NULL'),
    indexOf('switched', 'planned IS NOT NULL AND evidence IS NOT NULL'),
    indexOf('open', 'future_set IS NOT NULL AND evidence IS NULL AND waived = 0'),
    indexOf('held', 'held = 1'),
    indexOf('unmade', "planned IS NOT NULL AND creation = 'creating-certificate-failed'"),
    indexOf('unstaged', 'trust_set IS NOT NULL AND trust_proved_at IS NULL'),
    indexOf('failed', 'problem IS NOT NULL'),
    indexOf('waived', 'waived = 1'),
    indexOf(
      'unproved',
      'waived = 0 AND ((planned IS NOT NULL AND creation IS NULL) OR ' +
        '(trust_proved_at IS NULL AND NOT (trust_set IS NULL AND future_set IS NOT NULL)))',
    ),
  ],
};

function indexOf(selection: string, condition: string): string {
  return `CREATE INDEX operation_members_${selection} ON operation_members (operation_id, position, member_id) WHERE ${condition}`;
}
