import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import type { CaKeyPlace } from '../ports/key-vault.js';
import type { Authority } from '../zone/authority.js';
import { serverHome } from '../zone/member-home.js';
import { keyGeneration, type ZoneSnapshot } from '../zone/zone-snapshot.js';

/** Where the key of a generation lies in a file. Throws `not-found` when its holder is no member any more. */
export async function caKeyPlace(
  ctx: Pick<ReadContext, 'store' | 'zoneHome'>,
  snapshot: ZoneSnapshot,
  authority: Authority,
): Promise<CaKeyPlace> {
  const { keyMemberId } = authority;
  const generation = keyGeneration(snapshot.authorities, authority);
  return memberKeyPlace(ctx, { keyMemberId, generation });
}

/** Where the key of a generation lies with a member. Throws `not-found` when there is no such member. */
export async function memberKeyPlace(
  ctx: Pick<ReadContext, 'store' | 'zoneHome'>,
  { keyMemberId, generation }: Pick<Authority, 'keyMemberId' | 'generation'>,
): Promise<CaKeyPlace> {
  const [holder] = await ctx.store.membersById([keyMemberId ?? '']);
  if (holder !== undefined) return { home: serverHome(ctx.zoneHome, holder), generation };
  throw new ZmintError('not-found', `nobody holds the key of CA generation ${generation}`, {
    hint: 'zmint doctor',
  });
}
