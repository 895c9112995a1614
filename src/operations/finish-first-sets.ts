import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Instant } from '../zone/instant.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { MemberSet } from '../zone/member-set.js';
import { recordEvent } from './record-event.js';

/**
 * Points `live` to first sets that are recorded as `ready`: the last step of adding a server, which
 * a crash may have left out. Returns the names of the members that it finished.
 */
export async function finishFirstSets(
  ctx: OperationContext,
  now: Instant,
): Promise<readonly string[]> {
  const waiting = await ctx.store.setsIn('first', 'ready');
  if (waiting.length === 0) return [];
  const found = await ctx.store.membersById(waiting.map((set) => set.memberId));
  const members = new Map(found.map((member) => [member.id, member]));
  const homes = ctx.homes.deferred();
  const finished: MemberSet[] = [];
  const names: string[] = [];
  const failures: ZmintError[] = [];
  for (const set of waiting) {
    const member = members.get(set.memberId);
    const home = member === undefined ? null : memberHome(ctx.zoneHome, member);
    if (member === undefined || home === null) continue;
    try {
      await homes.switchLive(home, set.number);
      finished.push(set);
      names.push(member.name);
    } catch (error) {
      if (!(error instanceof ZmintError)) throw error;
      failures.push(error);
    }
  }
  await homes.flush();
  if (finished.length > 0) {
    await recordEvent(
      ctx,
      { what: 'first-sets-live', at: now, details: { members: names } },
      finished.flatMap((set) => liveChange([set], set.number, 'previous')),
    );
  }
  const [first] = failures;
  if (first !== undefined) throw first;
  return names;
}
