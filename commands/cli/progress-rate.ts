import type { Seconds } from '../../src/index.js';

/** The rate is that of the last so many seconds … */
const WINDOW: Seconds = 15;
/** … or of the last so many steps forward, where they take longer. */
const LEAST_STEPS = 3;
/** Steps within this time are kept as one. */
const STEP: Seconds = 0.25;

interface Step {
  readonly at: Seconds;
  readonly done: number;
}

/** How fast something goes on, by what was done lately. */
export interface ProgressRate {
  /** So much was done at that time; neither goes back. */
  note(at: Seconds, done: number): void;
  /** Things a second over the last while; 0 when nothing was done in it. */
  perSecond(now: Seconds): number;
}

/**
 * A rate that follows the work: what it was minutes ago, before slower or faster members came, does
 * not count any more, and it falls while nothing happens.
 */
export function createProgressRate(began: Seconds, alreadyDone: number): ProgressRate {
  let steps: readonly Step[] = [{ at: began, done: alreadyDone }];
  return {
    note: (at, done) => {
      if (done <= (steps.at(-1)?.done ?? 0)) return;
      const before = steps.at(-2);
      const kept = before !== undefined && at - before.at < STEP ? steps.slice(0, -1) : steps;
      const next = [...kept, { at, done }];
      const recent = next.filter((step) => at - step.at <= WINDOW);
      steps = recent.length > LEAST_STEPS ? recent : next.slice(-LEAST_STEPS - 1);
    },
    perSecond: (now) => {
      const [first] = steps;
      const last = steps.at(-1);
      if (first === undefined || last === undefined || now <= first.at) return 0;
      return (last.done - first.done) / (now - first.at);
    },
  };
}
