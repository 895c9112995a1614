import type { ReadContext } from '../ports/context.js';
import { findServer } from '../zone/member-path.js';
import type { Member } from '../zone/member.js';
import type { OperationMember } from '../zone/operation.js';
import type { RemintDraft } from '../zone/remint-draft.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { findMembers } from './find-members.js';
import { memberBatches, readBatch, type BatchNeeds } from './read-snapshot.js';

/**
 * The members that a remint may be about, batch by batch: those that were named, or all of the zone.
 * Throws `unknown-member`, `ambiguous-member`.
 */
export async function* remintBatches(
  ctx: ReadContext,
  base: ZoneSnapshot,
  draft: Pick<RemintDraft, 'request' | 'authority'>,
  needs: BatchNeeds,
): AsyncGenerator<ZoneSnapshot, void> {
  const { servers } = draft.request;
  const all = draft.authority !== null || servers.length === 0;
  const batches = all
    ? memberBatches(ctx, base, needs)
    : namedBatches(ctx, base, { words: servers, needs });
  for await (const batch of batches) yield withParts(ctx, batch);
}

async function* namedBatches(
  ctx: ReadContext,
  base: ZoneSnapshot,
  { words, needs }: { readonly words: readonly string[]; readonly needs: BatchNeeds },
): AsyncGenerator<ZoneSnapshot, void> {
  const members = unique(await findMembers(ctx, words, findServer));
  const limit = ctx.batchSize;
  for (let start = 0; start < members.length; start += limit)
    yield readBatch(ctx, base, members.slice(start, start + limit), needs);
}

/** Each once, by path. */
function unique(members: readonly Member[]): readonly Member[] {
  const byId = new Map(members.map((member) => [member.id, member]));
  return [...byId.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** With the parts that the members have in operations that run. */
async function withParts(ctx: ReadContext, batch: ZoneSnapshot): Promise<ZoneSnapshot> {
  const running = batch.pending.map((operation) => operation.id);
  const ids = batch.members.map((member) => member.id);
  const found = running.length === 0 ? [] : await ctx.store.partsOf(ids, running);
  const parts = new Map<string, OperationMember[]>(running.map((id) => [id, []]));
  for (const part of found) parts.get(part.operationId)?.push(part);
  return { ...batch, parts };
}
