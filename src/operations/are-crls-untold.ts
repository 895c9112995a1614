import type { ReadContext } from '../ports/context.js';

/** Events are read so many at a time, the newest first. */
const AT_ONCE = 500;

/**
 * Whether a run has signed CRLs and died before it had told the servers of them. The audit log says so:
 * that CRLs were published is recorded once everybody has been told, also where members are missing.
 */
export async function areCrlsUntold(ctx: Pick<ReadContext, 'store'>): Promise<boolean> {
  const [newest] = await ctx.store.lastEvents(1);
  for (let end = newest?.sequence ?? 0; end > 0; end -= AT_ONCE) {
    const events = await ctx.store.events(Math.max(0, end - AT_ONCE), Math.min(end, AT_ONCE));
    const last = events.findLast(({ what }) => CRL_EVENTS.has(what));
    if (last !== undefined) return last.what === 'crls-signed';
  }
  return false;
}

const CRL_EVENTS: ReadonlySet<string> = new Set(['crls-signed', 'crls-published']);
