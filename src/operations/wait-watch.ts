import type { OperationContext } from '../ports/context.js';
import type { WaitingFor } from '../ports/progress.js';
import type { Seconds } from '../zone/instant.js';

/** How often it is looked whether something takes long; an ended watch holds a program up no longer. */
const TICK: Seconds = 0.5;
/** What takes longer is named. */
const LONG: Seconds = 5;

/** Tells the person who waits what is being waited for. */
export interface WaitWatch {
  /** Does the work; while it takes more than 5 seconds, its members are named. */
  during<T>(what: WaitingFor, members: readonly string[], work: () => Promise<T>): Promise<T>;
  end(): void;
}

interface Wait {
  readonly what: WaitingFor;
  readonly members: readonly string[];
  readonly since: Seconds;
}

/** A watch over one step of an operation. It takes up ticking with the first work. */
export function createWaitWatch(
  ctx: Pick<OperationContext, 'clock' | 'progress'>,
  step: string,
): WaitWatch {
  const waits = new Set<Wait>();
  let passed: Seconds = 0;
  let state: 'idle' | 'ticking' | 'ended' = 'idle';
  const tell = (): void => {
    const long = [...waits].filter((wait) => passed - wait.since >= LONG);
    const [oldest] = long;
    if (oldest === undefined) return;
    const members = long.filter(({ what }) => what === oldest.what).flatMap((one) => one.members);
    const seconds = Math.floor(passed - oldest.since);
    ctx.progress.report({ type: 'waiting', step, what: oldest.what, members, seconds });
  };
  const tick = async (): Promise<void> => {
    state = 'ticking';
    while (waits.size > 0) {
      await ctx.clock.sleep(TICK);
      passed += TICK;
      if (isOver()) return;
      tell();
    }
    state = 'idle';
  };
  const isOver = (): boolean => state === 'ended';
  return {
    during: async (what, members, work) => {
      const wait = { what, members, since: passed };
      waits.add(wait);
      if (state === 'idle') void tick();
      try {
        return await work();
      } finally {
        waits.delete(wait);
      }
    },
    end: () => {
      state = 'ended';
    },
  };
}
