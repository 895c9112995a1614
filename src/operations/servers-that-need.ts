import type { ReadContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { TrustAnchor } from '../zone/trust-anchor.js';
import { trustOf } from '../zone/zone-trust.js';
import type { ZoneSnapshot } from '../zone/zone-snapshot.js';
import { parseAll } from './check-set.js';
import { chainJudge } from './chain-judge.js';

/**
 * The servers whose certificate would reach no trusted root any more once some roots have left
 * (I-15): the one in use, one that waits, and, while an operation runs, the one from before. Each is
 * judged at an instant at which it is valid, so that one that is about to be valid counts too.
 * Throws `damaged` when a certificate is missing in the repository.
 */
export async function serversThatNeed(
  ctx: Pick<ReadContext, 'store' | 'keys'>,
  snapshot: ZoneSnapshot,
  anchors: readonly TrustAnchor[],
  leaving: ReadonlySet<Fingerprint>,
): Promise<readonly Member[]> {
  const all = parseAll(await ctx.store.der(trustOf(anchors)));
  const staying = trustOf(anchors).filter((one) => !leaving.has(one));
  const left = parseAll(await ctx.store.der(staying));
  const needing: Member[] = [];
  for (const member of snapshot.members) {
    const sets = (snapshot.sets.get(member.id) ?? []).filter((set) => counts(snapshot, set));
    for (const set of sets) {
      const reaches = await chainJudge(ctx, snapshot, set);
      if (reaches(left) || !reaches(all)) continue;
      needing.push(member);
      break;
    }
  }
  return needing;
}

function counts({ pending }: ZoneSnapshot, { leaf, state }: MemberSet): boolean {
  if (leaf === null) return false;
  return state === 'live' || state === 'ready' || (state === 'previous' && pending.length > 0);
}
