import type { PartSelection } from '../../zone/part-selection.js';
import type { Tail } from './rows.js';
import { DEPARTED_TABLE, OPERATION_MEMBERS } from './tables.js';

/** Few leave, so asking for these costs less than asking whether each is there. */
const IN_ZONE = `member_id NOT IN (SELECT member_id FROM ${DEPARTED_TABLE})`;
/** A part of a member that left is among neither. */
const OF_MEMBERS: ReadonlySet<PartSelection> = new Set(['device', 'probed']);

/** Written out, not bound: only so is the partial index found. */
const DEVICE = "kind NOT IN ('primary', 'satellite')";

const CONDITIONS: Readonly<Record<PartSelection, string>> = {
  all: '1 = 1',
  'in-zone': '1 = 1',
  planned: 'planned IS NOT NULL',
  changing: 'future_set IS NOT NULL',
  device: `member_id IN (SELECT id FROM members WHERE ${DEVICE})`,
  unminted: "planned IS NOT NULL AND (creation IS NULL OR creation <> 'new-certificate-created')",
  'unminted-failed': "planned IS NOT NULL AND creation = 'creating-certificate-failed'",
  minted: "creation = 'new-certificate-created'",
  unstaged: 'trust_set IS NOT NULL AND trust_proved_at IS NULL',
  unassigned: "update_state = 'not-assigned'",
  open: 'future_set IS NOT NULL AND evidence IS NULL AND waived = 0',
  begun: 'future_set IS NOT NULL AND evidence IS NULL AND target = future_set AND held = 0',
  active: 'evidence IS NOT NULL',
  switched: 'planned IS NOT NULL AND evidence IS NOT NULL',
  held: 'held = 1',
  narrowing: 'narrowed_set IS NOT NULL',
  probed:
    'trust_proved_at IS NOT NULL AND member_id IN (SELECT id FROM members WHERE probe IS NOT NULL)',
  failed: 'problem IS NOT NULL',
  // A server that serves nothing yet has nothing to prove (`decideGate` has the last word).
  unproved:
    'waived = 0 AND ((planned IS NOT NULL AND creation IS NULL) OR ' +
    '(trust_proved_at IS NULL AND NOT (trust_set IS NULL AND future_set IS NOT NULL)))',
  waived: 'waived = 1',
};

/** The condition on a row of `operation_members` that a selection stands for. */
export function partCondition(selection: PartSelection): string {
  const everybody = selection === 'all' || OF_MEMBERS.has(selection);
  return everybody ? CONDITIONS[selection] : `${CONDITIONS[selection]} AND ${IN_ZONE}`;
}

/**
 * The query for how many parts of an operation are in a selection. Those of members that have left are
 * counted apart, so that the others are counted by an index alone and not looked up one by one.
 */
export function partCount(operationId: string, selection: PartSelection): Required<Tail> {
  const condition = CONDITIONS[selection];
  const { name } = OPERATION_MEMBERS;
  // Few members are no servers: they are looked for among the parts, not the parts among them.
  if (selection === 'device') {
    const sql = `SELECT count(*) FROM members CROSS JOIN ${name}
      WHERE ${DEVICE} AND member_id = members.id AND operation_id = ?`;
    return { sql, values: [operationId] };
  }
  const counted = `SELECT count(*) FROM ${name} WHERE operation_id = ? AND ${condition}`;
  if (selection === 'all' || OF_MEMBERS.has(selection))
    return { sql: counted, values: [operationId] };
  const departed = `SELECT count(*) FROM ${DEPARTED_TABLE} CROSS JOIN ${name}
    WHERE ${name}.member_id = ${DEPARTED_TABLE}.member_id AND operation_id = ? AND ${condition}`;
  return { sql: `SELECT (${counted}) - (${departed})`, values: [operationId, operationId] };
}
