import { median } from './statistics.mjs';

/**
 * Lets each side do its work once a round, one after the other, so that what else the machine does
 * meets all of them; the first of `rounds` + 1 only warms up, unless `warmUp` is false. A side is
 * `{ name, count, work }`; `work(round)` resolves to `{ wall, cpu, peak }`. Returns a row for each
 * side: medians of seconds, things a second, and the largest peak.
 */
export async function inTurn(sides, { rounds, warmUp = true }) {
  const costs = sides.map(() => []);
  for (let round = warmUp ? 0 : 1; round <= rounds; round += 1) {
    for (const [index, side] of sides.entries()) {
      const cost = await side.work(round);
      if (round > 0) costs[index].push(cost);
    }
  }
  return sides.map(({ name, count = 1 }, index) => summarize(name, count, costs[index]));
}

function summarize(name, count, costs) {
  const wall = median(costs.map((cost) => cost.wall));
  // Short programs are counted in milliseconds of processor time: the mean keeps the fractions.
  const cpu = costs.reduce((sum, cost) => sum + cost.cpu, 0) / costs.length;
  const peaks = costs.map((cost) => cost.peak).filter((peak) => peak !== undefined);
  return {
    name,
    count,
    wall,
    cpu,
    perSecond: count / wall,
    perCpuSecond: count / cpu,
    ...(peaks.length > 0 && { peak: Math.max(...peaks) }),
  };
}

/** Runs work in this process and says what it cost, threads included. */
export async function costOf(work) {
  const before = process.cpuUsage();
  const began = performance.now();
  await work();
  const wall = (performance.now() - began) / 1000;
  const { user, system } = process.cpuUsage(before);
  return { wall, cpu: (user + system) / 1e6 };
}
