import type { OperationMember } from './operation.js';

/**
 * Whose switch is meant. `unheld`: all but those that were rolled back or waived, which is what the
 * clock means; `open`: those that were rolled back as well, which is what a person means who names
 * nobody; `begun`: those whose switch was recorded and has not been seen to end; `named`: those.
 */
export type ActivationScope =
  | { readonly who: 'unheld' | 'open' | 'begun' }
  | { readonly who: 'named'; readonly ids: ReadonlySet<string> };

/** The ids that a scope names; null: it names nobody. */
export function namedIds(scope: ActivationScope): ReadonlySet<string> | null {
  return scope.who === 'named' ? scope.ids : null;
}

/** Whether a part waits for its switch and is meant. */
export function isToActivate(part: OperationMember, scope: ActivationScope): boolean {
  if (part.futureSet === null || part.evidence !== null) return false;
  if (part.planned !== null && part.creation !== 'new-certificate-created') return false;
  if (scope.who === 'named') return scope.ids.has(part.memberId);
  if (part.waived) return scope.who === 'begun' && isBegun(part);
  if (scope.who === 'open') return true;
  return scope.who === 'begun' ? isBegun(part) : !part.held;
}

function isBegun(part: OperationMember): boolean {
  return part.target !== null && part.target === part.futureSet && !part.held;
}
