/**
 * Takes items through two steps, each in order: while one is in its second step, the next one is in
 * its first. A failure of either is thrown once the step before it is over, and nothing further
 * begins.
 */
export async function inPipeline<Item, Made>(
  items: AsyncIterable<Item>,
  first: (item: Item) => Promise<Made>,
  second: (made: Made) => Promise<void>,
): Promise<void> {
  let running: Promise<void> = Promise.resolve();
  try {
    for await (const item of items) {
      const made = await first(item);
      await running;
      running = second(made);
      // Its failure is thrown where it is waited for, which may be later.
      running.catch(() => undefined);
    }
  } finally {
    await running;
  }
}
