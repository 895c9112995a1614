import type { MemberHomes } from '../ports/member-homes.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Evidence } from '../zone/operation-terms.js';

/** One member's switch: which set `live` is to point to, and which one it goes back to if that fails. */
export interface SwitchJob {
  readonly member: Member;
  readonly home: string;
  readonly to: MemberSet;
  readonly back: MemberSet | undefined;
}

export type SwitchOutcome =
  | { readonly ok: true; readonly evidence: Evidence }
  | { readonly ok: false; readonly code: string; readonly message: string };

/**
 * Points a member's `live` to its set by one rename (I-2) and returns how to make it point to where
 * it did before. Repeating it is harmless: a link that is right already is only made durable, since
 * the run that switched it may have died before it was. Throws what `MemberHomes` throws.
 */
export async function switchMember(
  homes: MemberHomes,
  job: SwitchJob,
): Promise<(homes: MemberHomes) => Promise<void>> {
  const live = await homes.switchLive(job.home, job.to.number);
  return async (others) => {
    if (live === undefined) await others.unlinkLive(job.home);
    else await others.switchLive(job.home, live);
  };
}
