import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { RepoFiles } from '../ports/member-homes.js';
import { serverHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { holdsForeign, ownRepoSets } from './own-repo.js';
import { isFresh, STABLE_SECONDS } from './placed-set.js';

/**
 * What a person placed into a remint-repo, once nobody has touched it for a while; undefined: nothing.
 * Throws `policy` when it changes again and again.
 */
export async function restedRepo(ctx: ReadContext, member: Member): Promise<RepoFiles | undefined> {
  const home = serverHome(ctx.zoneHome, member);
  const own = await ownRepoSets(ctx, { memberId: member.id, home });
  const repo = await ctx.homes.readRepo(home);
  if (!holdsForeign(ctx, repo, own)) return undefined;
  if (!isFresh(repo)) return repo;
  await ctx.clock.sleep(STABLE_SECONDS);
  const later = await ctx.homes.readRepo(home);
  if (!holdsForeign(ctx, later, own)) return undefined;
  if (!isFresh(later)) return later;
  throw new ZmintError('policy', `somebody is still writing to the remint-repo of ${member.name}`, {
    hint: `type it again when its files have rested for ${STABLE_SECONDS} seconds`,
  });
}
