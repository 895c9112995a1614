import type { Budget } from './path-input.js';

/** What is left of a budget. */
export interface Work {
  /** Takes so much away; false, and nothing is ever given again, when there is not so much left. */
  spend(kind: keyof Budget, amount?: number): boolean;
  /** Of what there was too little; undefined: there was enough of everything so far. */
  exhausted(): keyof Budget | undefined;
}

/** More than any honest set of certificates needs, and less than a second. */
const DEFAULT_BUDGET: Budget = { signatures: 200, steps: 4000, nameComparisons: 250_000 };

/** Opens a budget; what is left out is as in `DEFAULT_BUDGET`. */
export function createWork(budget: Partial<Budget> = {}): Work {
  const left: Record<keyof Budget, number> = { ...DEFAULT_BUDGET, ...budget };
  let exhausted: keyof Budget | undefined;
  return {
    spend: (kind, amount = 1) => {
      left[kind] -= amount;
      if (left[kind] >= 0) return true;
      exhausted ??= kind;
      return false;
    },
    exhausted: () => exhausted,
  };
}
