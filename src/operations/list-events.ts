import type { ReadContext } from '../ports/context.js';
import type { AuditEvent } from '../zone/audit-event.js';
import type { Instant } from '../zone/instant.js';

/** Which events are wanted; both null: all. */
export interface EventFilter {
  /** At most so many, the newest ones. */
  readonly limit: number | null;
  /** None from before that instant. */
  readonly since: Instant | null;
}

const FIRST_LOOK = 256;

/** The newest events that are wanted, oldest first. Reads backwards, no more than it needs. */
export async function listEvents(
  ctx: Pick<ReadContext, 'store'>,
  filter: EventFilter,
): Promise<readonly AuditEvent[]> {
  const most = filter.limit ?? Infinity;
  const since = filter.since ?? -Infinity;
  for (let wanted = Math.min(most, FIRST_LOOK); ; wanted = Math.min(most, wanted * 8)) {
    const events = await ctx.store.lastEvents(wanted);
    const recent = events.filter((event) => event.at >= since);
    // After a clock step an older event may bear a later instant: only the first row shows the end.
    const complete = events.length < wanted || wanted >= most || (events[0]?.at ?? 0) < since;
    if (complete) return recent;
  }
}
