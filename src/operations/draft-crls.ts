import type { ReadContext } from '../ports/context.js';
import { decideCrls, type CrlCandidate, type CrlDraft } from '../zone/decide-crls.js';
import type { Instant, Seconds } from '../zone/instant.js';

/** The CRLs that are to be made now, by generation; `span` is how long each holds. */
export async function draftCrls(
  ctx: Pick<ReadContext, 'store'>,
  now: Instant,
  span: Seconds,
): Promise<readonly CrlDraft[]> {
  const candidates: CrlCandidate[] = [];
  for (const authority of await ctx.store.authorities()) {
    const own = await ctx.store.certificate(authority.certificate);
    const lastEnd = await ctx.store.lastEndOf(authority.generation);
    candidates.push({ authority, ownEnd: own?.notAfter ?? 0, lastEnd });
  }
  return decideCrls(candidates, now, span);
}
