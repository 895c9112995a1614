import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { CaMove } from '../zone/ca-move.js';
import type { Instant } from '../zone/instant.js';
import { shellWord } from '../zone/shell-word.js';
import { keyGeneration } from '../zone/zone-snapshot.js';
import { recordEvent } from './record-event.js';

const FOLDER = 'certificate-authority';

/**
 * Removes the copies of CA keys that a move has left where nobody needs them: at the new home when
 * the role has not moved, at the old one when it has. Needs no key. Returns the move that is over
 * now; undefined when there was none. Throws `damaged`, and removes nothing, where a copy is the only
 * one of a key that is needed.
 */
export async function settleCaMove(
  ctx: OperationContext,
  now: Instant,
): Promise<CaMove | undefined> {
  const move = await ctx.store.caMove();
  if (move === undefined) return undefined;
  const undone = move.state === 'copying';
  const stale = undone ? move.toHome : move.fromHome;
  await refuseLoss(ctx, move, { stale, kept: undone ? move.fromHome : move.toHome });
  for (const generation of move.generations) await ctx.vault.discard({ home: stale, generation });
  const [from, to] = await pathsOf(ctx, move);
  const what = undone ? 'ca-move-undone' : 'ca-move-finished';
  await recordEvent(
    ctx,
    { what, at: now, details: { from, to, generations: move.generations, removed: stale } },
    [{ type: 'remove-ca-move' }],
  );
  return move;
}

async function refuseLoss(
  ctx: OperationContext,
  { generations }: CaMove,
  homes: { readonly stale: string; readonly kept: string },
): Promise<void> {
  const authorities = await ctx.store.authorities();
  const alive = authorities.filter(({ state }) => state !== 'cancelled');
  const needed = new Set(alive.map((one) => keyGeneration(authorities, one)));
  const kept = new Set(await ctx.vault.list(homes.kept));
  const only = (await ctx.vault.list(homes.stale)).find(
    (number) => generations.includes(number) && needed.has(number) && !kept.has(number),
  );
  if (only === undefined) return;
  const from = `${homes.stale}/${FOLDER}/${only}`;
  const to = `${homes.kept}/${FOLDER}/${only}`;
  throw new ZmintError('damaged', `the only key of CA generation ${only} lies in ${from}`, {
    hint: `mkdir -p ${shellWord(to)} && cp -p ${shellWord(from)}/* ${shellWord(to)}/`,
    details: { path: from },
  });
}

async function pathsOf(
  ctx: OperationContext,
  { fromMemberId, toMemberId }: CaMove,
): Promise<readonly string[]> {
  const ids = [fromMemberId, toMemberId];
  const members = new Map((await ctx.store.membersById(ids)).map((one) => [one.id, one.path]));
  return ids.map((id) => members.get(id) ?? id);
}
