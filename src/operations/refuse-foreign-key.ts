import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';

/**
 * A CA key in the home of a zone's first server is from an `init` that died, and is discarded, or it
 * is of another zone: then throws `zone-exists`.
 */
export async function refuseForeignKey(ctx: OperationContext, home: string): Promise<void> {
  const found = await ctx.vault.list(home).catch((error: unknown) => {
    if (error instanceof ZmintError && error.code === 'not-found') return [];
    throw error;
  });
  if (found.length === 0) return;
  const interrupted = (await ctx.store.lastEvents(1000)).some(
    (event) => event.what === 'init-begun',
  );
  if (interrupted) {
    for (const generation of found) await ctx.vault.discard({ home, generation });
    return;
  }
  throw new ZmintError('zone-exists', `${home} holds the key of a CA already`, {
    hint: 'move that folder away, or choose another --home',
  });
}
