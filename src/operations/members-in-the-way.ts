import type { GlanceContext } from '../ports/context.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';

/** More than that are looked for by reading all members once. */
const FEW = 100;

/**
 * The members of the zone that stand in the way of new ones or may, as they have a name of theirs or
 * a home that is not apart: what `refuseDuplicates` and `refuseSharedHomes` judge by.
 */
export async function membersInTheWay(
  ctx: Pick<GlanceContext, 'store' | 'zoneHome'>,
  added: readonly Member[],
): Promise<readonly Member[]> {
  const { store, zoneHome } = ctx;
  if (added.length > FEW) return store.members();
  const named = await store.membersNamed(added.map(({ name }) => name));
  const around = await store.membersAround(
    added.flatMap((member) => memberHome(zoneHome, member) ?? []),
  );
  const known = new Set(named.map(({ id }) => id));
  return [...named, ...around.filter(({ id }) => !known.has(id))];
}
