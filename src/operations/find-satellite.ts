import type { ReadContext } from '../ports/context.js';
import { chooseSatellite } from '../zone/choose-satellite.js';
import type { Member } from '../zone/member.js';

/** The satellite that is meant; null: the only one. Throws as `chooseSatellite` does. */
export async function findSatellite(ctx: ReadContext, word: string | null): Promise<Member> {
  return chooseSatellite(await ctx.store.members(), word, []);
}
