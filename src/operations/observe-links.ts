import { ZmintError } from '../errors.js';
import type { GlanceContext } from '../ports/context.js';
import { memberHome } from '../zone/member-home.js';
import type { MemberWithSets } from '../ports/zone-counts.js';

/** A member whose `live` is not what the database says. */
export interface LinkDifference {
  readonly member: string;
  /** The set that is recorded as live; null: none. */
  readonly recorded: number | null;
  /** The set that `live` points to; null: there is no link, or it cannot be looked at. */
  readonly observed: number | null;
  /** Why it could not be looked at. */
  readonly error: ZmintError | null;
}

/** What a look at the members' `live` links showed. */
export interface LinkObservation {
  /** How many members were looked at, of how many that have a folder here. */
  readonly looked: number;
  readonly reachable: number;
  readonly differences: readonly LinkDifference[];
}

/** Compares the `live` links of these members with the database. A home that cannot be looked at is a difference with its error. */
export async function observeLinks(
  ctx: Pick<GlanceContext, 'homes' | 'zoneHome'>,
  members: readonly MemberWithSets[],
): Promise<Omit<LinkObservation, 'reachable'>> {
  const local = members.filter(({ member }) => memberHome(ctx.zoneHome, member) !== null);
  const differences: LinkDifference[] = [];
  for (const each of local) {
    const difference = await compareLink(ctx, each);
    if (difference !== undefined) differences.push(difference);
  }
  return { looked: local.length, differences };
}

async function compareLink(
  ctx: Pick<GlanceContext, 'homes' | 'zoneHome'>,
  { member, sets }: MemberWithSets,
): Promise<LinkDifference | undefined> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null) return undefined;
  const recorded = sets.find((set) => set.state === 'live')?.number ?? null;
  try {
    const observed = (await ctx.homes.live(home)) ?? null;
    if (observed === recorded) return undefined;
    return { member: member.name, recorded, observed, error: null };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return { member: member.name, recorded, observed: null, error };
  }
}
