import { availableParallelism } from 'node:os';

/**
 * Runs a job for each item, results in the order of the items, with as many at once as keep every
 * core busy through the thread pool while the main thread prepares the next. After the first
 * failure nothing new is begun, and the promise rejects with it.
 */
export async function runInLanes<T, R>(
  items: readonly T[],
  job: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Array<R>(items.length);
  const queue = items.entries();
  let failed = false;
  const lane = async (): Promise<void> => {
    for (const [index, item] of queue) {
      if (failed) return;
      try {
        results[index] = await job(item);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  const lanes = Math.min(items.length, 2 * availableParallelism());
  await Promise.all(Array.from({ length: lanes }, lane));
  return results;
}
