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
      ['Files', plan.home === null ? '' : `stay where they are: ${plan.home}`],
    ],
    width,
  );
  return `Plan: remove ${plan.member.name} from the zone\n\n${fields}`;
}

/** The same for scripts. */
export function removePlanJson(plan: RemovePlan): JsonDocument {
  return { member: removedJson(plan) };
}

/** The member, with the folder in which its files stay. */
export function removedJson(plan: RemovePlan): JsonDocument {
  return { ...memberJson(plan.member), home: plan.home };
}
