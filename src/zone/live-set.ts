import type { Change } from './change.js';
import type { MemberSet, SetState } from './member-set.js';

/**
 * The rows that change when `live` points to another set: that one is live, the one before gets
 * `former`.
 */
export function liveChange(
  sets: readonly MemberSet[],
  number: number,
  former: SetState,
): readonly Change[] {
  const changed = sets.flatMap((set): readonly MemberSet[] => {
    if (set.number === number) return set.state === 'live' ? [] : [{ ...set, state: 'live' }];
    return set.state === 'live' ? [{ ...set, state: former }] : [];
  });
  return changed.length === 0 ? [] : [{ type: 'put-sets', sets: changed }];
}

/** The sets of a member with one that was written since they were read. */
export function withSet(sets: readonly MemberSet[], set: MemberSet): readonly MemberSet[] {
  return [...sets.filter((one) => one.number !== set.number), set];
}
