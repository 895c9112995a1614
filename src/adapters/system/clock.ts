import type { Clock } from '../../ports/clock.js';

/** Node fires a timer above 2^31-1 ms (24.8 days) at once, so long waits are made of short ones. */
const LONGEST_TIMER_MS = 86_400_000;

/** The operating system's clock; `sleep` goes by the monotonic one and does not end early. */
export function createSystemClock(): Clock {
  return {
    now: () => Math.floor(Date.now() / 1000),
    sleep: async (seconds) => {
      const end = performance.now() + seconds * 1000;
      for (let left = end - performance.now(); left > 0; left = end - performance.now()) {
        await timer(Math.min(Math.ceil(left), LONGEST_TIMER_MS));
      }
    },
  };
}

function timer(ms: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
  });
}
