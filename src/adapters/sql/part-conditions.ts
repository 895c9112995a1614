import type { PartSelection } from '../../zone/part-selection.js';

const IN_ZONE = 'member_id IN (SELECT id FROM members)';

const CONDITIONS: Readonly<Record<PartSelection, string>> = {
  all: '1 = 1',
  'in-zone': '1 = 1',
  planned: 'planned IS NOT NULL',
  changing: 'future_set IS NOT NULL',
  device: "member_id IN (SELECT id FROM members WHERE kind NOT IN ('primary', 'satellite'))",
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
  return selection === 'all' ? CONDITIONS.all : `${CONDITIONS[selection]} AND ${IN_ZONE}`;
}
