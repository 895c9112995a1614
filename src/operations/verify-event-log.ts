import type { ReadContext } from '../ports/context.js';
import { EMPTY_LOG, verifyEvents, type EventVerdict } from '../zone/verify-events.js';

const PAGE = 1000;
const STEP = 'verify events';

/**
 * Follows the hash chain of the whole audit log, page by page, with progress. Stops at the first
 * break. Throws what `ZoneReader` throws.
 */
export async function verifyEventLog(
  ctx: Pick<ReadContext, 'store' | 'digest' | 'progress'>,
): Promise<EventVerdict> {
  const total = (await ctx.store.lastEvents(1)).at(-1)?.sequence ?? 0;
  let verdict: EventVerdict = { head: EMPTY_LOG, broken: undefined };
  ctx.progress.report({ type: 'begin', step: STEP, total });
  for (let full = true; full && verdict.broken === undefined;) {
    const page = await ctx.store.events(verdict.head.sequence, PAGE);
    full = page.length === PAGE;
    verdict = verifyEvents(page, (data) => ctx.digest.sha256(data), verdict.head);
    ctx.progress.report({ type: 'advance', step: STEP, done: verdict.head.sequence });
  }
  ctx.progress.report({ type: 'end', step: STEP });
  return verdict;
}
