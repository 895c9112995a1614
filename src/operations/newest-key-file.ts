import type { ReadContext } from '../ports/context.js';
import type { Authority } from '../zone/authority.js';
import { tokenKeyOf } from '../zone/token-key.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { caKeyPlace } from './ca-key-place.js';

/** The newest generation whose key file is there; undefined: the zone has none, or has lost them all. */
export async function newestKeyFile(
  ctx: Pick<ReadContext, 'store' | 'vault' | 'zoneHome'>,
  snapshot: ZoneSnapshot,
): Promise<Authority | undefined> {
  const tokenKeys = await ctx.store.tokenKeys();
  const filed = snapshot.authorities
    .filter((one) => one.keyMemberId !== null && one.state !== 'cancelled')
    .filter((one) => tokenKeyOf(tokenKeys, one) === undefined)
    .sort((a, b) => b.generation - a.generation);
  for (const authority of filed) {
    const { home, generation } = await caKeyPlace(ctx, snapshot, authority);
    if ((await ctx.vault.list(home)).includes(generation)) return authority;
  }
  return undefined;
}
