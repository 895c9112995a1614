import type { GlanceContext } from '../ports/context.js';
import type { Member } from '../zone/member.js';
import { inOrder } from '../zone/part-order.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { EVERYTHING } from './operation-run.js';
import { readBatch } from './read-snapshot.js';

/**
 * The base with some members, what belongs to them, and their parts in the operations that are not
 * over: what decisions about these members are made from, however large the zone is.
 */
export async function readAround(
  ctx: GlanceContext,
  base: ZoneSnapshot,
  members: readonly Member[],
): Promise<ZoneSnapshot> {
  const snapshot = await readBatch(ctx, base, members, EVERYTHING);
  const running = base.pending.map(({ id }) => id);
  if (running.length === 0) return snapshot;
  const ids = members.map(({ id }) => id);
  const found = await ctx.store.partsOf(ids, running);
  const parts = running.map((id) => {
    const own = found.filter(({ operationId }) => operationId === id);
    return [id, inOrder(own, members)] as const;
  });
  return { ...snapshot, parts: new Map(parts) };
}
