import type { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Member } from '../zone/member.js';
import { reloadServers } from './reload-servers.js';
import { runBounded } from './run-bounded.js';
import { createWaitWatch } from './wait-watch.js';
import { WAVE_LIMITS } from './wave-limits.js';

/** A member for which something was not done, and why. */
export interface FailedMember {
  readonly member: string;
  readonly error: ZmintError;
}

/** Servers that are to read a file again, by their reload commands. */
export type Readers = ReadonlyMap<string, readonly Member[]>;

/** What came of it. */
export interface Reloaded {
  /** How many servers were reloaded. */
  readonly reloaded: number;
  readonly unreloaded: readonly FailedMember[];
}

/**
 * Runs each reload command once for all servers that name it, a few at the same time. One that fails
 * does not keep the others from it.
 */
export async function reloadReaders(ctx: OperationContext, readers: Readers): Promise<Reloaded> {
  if (readers.size === 0) return { reloaded: 0, unreloaded: [] };
  const step = 'reload';
  const watch = createWaitWatch(ctx, step);
  const unreloaded: FailedMember[] = [];
  let done = 0;
  ctx.progress.report({ type: 'begin', step, total: readers.size });
  try {
    await runBounded([...readers], WAVE_LIMITS.reloads, async ([command, servers]) => {
      const names = servers.map(({ name }) => name);
      const work = () => reloadServers(ctx, command, servers);
      const failure = await watch.during('reload', names, work);
      if (failure !== undefined)
        unreloaded.push(...servers.map((one) => ({ member: one.name, error: failure(one) })));
      done += 1;
      ctx.progress.report({ type: 'advance', step, done });
    });
  } finally {
    watch.end();
    ctx.progress.report({ type: 'end', step });
  }
  const all = [...readers.values()].reduce((sum, servers) => sum + servers.length, 0);
  return { reloaded: all - unreloaded.length, unreloaded };
}
