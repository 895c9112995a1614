import { EARLY, killRound, measure, type KillScenario, type KillTally } from './kill-rounds.js';

/** So many rounds at a time. */
const LANES = 2;

/**
 * Two lanes of rounds until so many kills have hit, at uniformly random moments of the work. How
 * fast the machine is changes: the window follows what was too late and what was too early.
 */
export async function killTimes(scenario: KillScenario, kills: number): Promise<KillTally> {
  const tally: KillTally = new Map();
  const { begin, end } = await measure(scenario);
  let pace = 1;
  let hits = 0;
  let rounds = 0;
  const lane = async (): Promise<void> => {
    while (hits < kills && rounds < kills * 10) {
      rounds += 1;
      const phase = await killRound(scenario, pace * (begin + (end - begin) * Math.random()));
      if (phase === undefined) pace *= 0.9;
      else if (phase === EARLY) pace *= 1.05;
      if (phase === undefined) continue;
      hits += 1;
      tally.set(phase, 1 + (tally.get(phase) ?? 0));
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return tally;
}
