import { setImmediate as nextTurn } from 'node:timers/promises';

/** Some milliseconds of elliptic curves. */
const ITEMS_A_TURN = 200;

/**
 * Does a job for each item on this thread, results in the order of the items, and lets the event
 * loop go round after every 200, so that progress is shown and an interrupt is heard.
 */
export async function runInTurns<T, R>(
  items: readonly T[],
  job: (item: T) => R,
): Promise<readonly R[]> {
  const results: R[] = [];
  for (const item of items) {
    results.push(job(item));
    if (results.length % ITEMS_A_TURN === 0) await nextTurn();
  }
  return results;
}
