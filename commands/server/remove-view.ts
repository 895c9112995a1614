import type { RemovePlan } from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { memberJson } from './member-json.js';

/** What removing a member is about to do. */
export function renderRemovePlan(plan: RemovePlan, width: number): string {
  const fields = wrapFields(
    [
      ['Member', plan.member.path],
      ['Effect', 'zmint forgets it; its certificates count as retired'],
      ['CA keys', formerKeyText(plan)],
      ['Files', plan.home === null ? '' : `stay where they are: ${plan.home}`],
    ],
    width,
  );
  return `Plan: remove ${plan.member.name} from the zone\n\n${fields}`;
}

function formerKeyText({ formerKeys }: RemovePlan): string {
  if (formerKeys.length === 0) return '';
  const which = formerKeys.join(', ');
  return `holds the key of the retired CA, generation ${which}: what that CA issued cannot be revoked any more`;
}

/** The same for scripts. */
export function removePlanJson(plan: RemovePlan): JsonDocument {
  return { member: removedJson(plan) };
}

/** The member, with the folder in which its files stay. */
export function removedJson(plan: RemovePlan): JsonDocument {
  return { ...memberJson(plan.member), home: plan.home, formerKeys: plan.formerKeys };
}
