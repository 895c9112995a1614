import { ZmintError } from '../errors.js';
import type { ReadContext } from '../ports/context.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import { liveSet, type ZoneSnapshot } from '../zone/zone-snapshot.js';

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

/** More links than that are not looked at for a glance; `doctor` looks at all. */
const GLANCE = 1000;

/**
 * Compares the `live` links with the database, members of running operations first, at most
 * `limit` of them. A home that cannot be looked at is a difference with its error.
 */
export async function observeLinks(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  limit: number = GLANCE,
): Promise<LinkObservation> {
  const busy = new Set([...snapshot.parts.values()].flat().map((part) => part.memberId));
  const local = snapshot.members.filter((member) => memberHome(ctx.zoneHome, member) !== null);
  const ordered = [
    ...local.filter(({ id }) => busy.has(id)),
    ...local.filter(({ id }) => !busy.has(id)),
  ].slice(0, limit);
  const differences: LinkDifference[] = [];
  for (const member of ordered) {
    const difference = await compareLink(ctx, snapshot, member);
    if (difference !== undefined) differences.push(difference);
  }
  return { looked: ordered.length, reachable: local.length, differences };
}

async function compareLink(
  ctx: ReadContext,
  snapshot: ZoneSnapshot,
  member: Member,
): Promise<LinkDifference | undefined> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null) return undefined;
  const recorded = liveSet(snapshot, member.id)?.number ?? null;
  try {
    const observed = (await ctx.homes.observe(home)).live ?? null;
    if (observed === recorded) return undefined;
    return { member: member.name, recorded, observed, error: null };
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
    return { member: member.name, recorded, observed: null, error };
  }
}
