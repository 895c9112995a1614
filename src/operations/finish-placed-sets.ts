import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Instant } from '../zone/instant.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Evidence } from '../zone/operation-terms.js';
import { removeFolders } from './prune-sets.js';
import { recordEvent } from './record-event.js';
import { serveSet, type ServeJob, type Served } from './serve-set.js';

/**
 * Points `live` to sets that were placed outside of an operation and are recorded as `ready`, which
 * a crash may have left out; one that was overtaken by another set is discarded. Throws the first
 * failure, after all were tried.
 */
export async function finishPlacedSets(ctx: OperationContext, now: Instant): Promise<void> {
  const waiting = await ctx.store.setsIn('placed', 'ready');
  if (waiting.length === 0) return;
  const members = await ctx.store.membersById(waiting.map((set) => set.memberId));
  const failures: ZmintError[] = [];
  for (const set of waiting) {
    const member = members.find((one) => one.id === set.memberId);
    try {
      if (member === undefined) await discard(ctx, now, { set, member: undefined });
      else await finishPlacedSet(ctx, member, set, now);
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
      failures.push(error);
    }
  }
  const [first] = failures;
  if (first !== undefined) throw first;
}

/**
 * Points `live` to one placed set, reloads the server and looks at it. Undefined: another set is
 * live that came later, and this one was discarded. Throws what the switch failed with; then the set
 * from before is live again and this one is discarded, or, where there was none before, it stays.
 */
export async function finishPlacedSet(
  ctx: OperationContext,
  member: Member,
  set: MemberSet,
  now: Instant,
): Promise<Evidence | undefined> {
  const home = memberHome(ctx.zoneHome, member);
  const sets = await ctx.store.sets(member.id);
  const back = sets.find((one) => one.state === 'live');
  if (home === null || (back !== undefined && back.number > set.number)) {
    await discard(ctx, now, { set, member });
    return undefined;
  }
  const job = { member, home, to: set, back };
  const outcome = await serveSet(ctx, job);
  const { live } = await ctx.homes.observe(home);
  if (live === set.number) await recordLive(ctx, now, job, outcome);
  else await discard(ctx, now, { set, member });
  if (outcome.ok) return outcome.evidence;
  throw outcome.error;
}

async function recordLive(
  ctx: OperationContext,
  at: Instant,
  { member, to, back }: ServeJob,
  outcome: Served,
): Promise<void> {
  const changes: Change[] = [...liveChange(await ctx.store.sets(member.id), to.number, 'previous')];
  const former = back?.leaf ?? null;
  if (former !== null && former !== to.leaf)
    changes.push({ type: 'set-certificate-state', fingerprints: [former], state: 'previous' });
  if (to.leaf !== null)
    changes.push({ type: 'set-certificate-state', fingerprints: [to.leaf], state: 'current' });
  const details = {
    member: member.name,
    set: to.number,
    ...(outcome.ok ? { evidence: outcome.evidence } : { problem: outcome.error.code }),
  };
  await recordEvent(ctx, { what: 'placed-set-live', at, details }, changes);
}

interface Discarded {
  readonly set: MemberSet;
  readonly member: Member | undefined;
}

/** The row first, then the folder; what a crash leaves of it goes with the next pruning. */
async function discard(
  ctx: OperationContext,
  at: Instant,
  { set, member }: Discarded,
): Promise<void> {
  const others = (await ctx.store.sets(set.memberId)).filter(
    (one) => one.number !== set.number && one.leaf === set.leaf,
  );
  const changes: Change[] = [{ type: 'put-sets', sets: [{ ...set, state: 'discarded' }] }];
  if (others.length === 0 && set.leaf !== null)
    changes.push({ type: 'set-certificate-state', fingerprints: [set.leaf], state: 'cancelled' });
  const details = { member: member?.name ?? set.memberId, set: set.number };
  await recordEvent(ctx, { what: 'placed-set-discarded', at, details }, changes);
  if (member === undefined) return;
  const sets = await ctx.store.sets(member.id);
  await removeFolders(ctx, ctx.homes, { member, sets, numbers: [set.number] });
}
