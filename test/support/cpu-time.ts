/** Processor time of this process so far, in milliseconds: what a busy machine does not stretch. */
export function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/**
 * The processor time of some work, in milliseconds, from the quickest of three runs: others on the
 * same cores make each of them dearer by cold caches. Ends early when a run stays below the limit.
 */
export function leastCpuTime(limit: number, work: () => void): number {
  let least = Infinity;
  for (let run = 0; run < 3 && least >= limit; run += 1) {
    const begin = cpuTime();
    work();
    least = Math.min(least, cpuTime() - begin);
  }
  return least;
}
