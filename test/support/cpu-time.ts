/** Processor time of this process so far, in milliseconds: what a busy machine does not stretch. */
function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const REFERENCE = Array.from({ length: 50_000 }, (_, index) => ({ index, text: `row ${index}` }));

function spentOn(work: () => void): number {
  const begin = cpuTime();
  work();
  return cpuTime() - begin;
}

/**
 * What some work costs, in units of a fixed piece of work that is done beside it (some thirty
 * milliseconds of a core of 2026): the quickest of three runs. No milliseconds, since cold caches
 * and neighbours on the same cores can make all of them many times dearer, and both sides alike.
 * Ends early when a run stays below the limit, which is to be far above what is usual: it is for
 * work that explodes, not for work that became slower.
 */
export function costOf(limit: number, work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < 3 && least >= limit; run += 1) {
    const unit = spentOn(() => {
      JSON.parse(JSON.stringify(REFERENCE));
    });
    least = Math.min(least, spentOn(work) / unit);
  }
  return least;
}
