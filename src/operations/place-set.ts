import type { OperationContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';
import type { Change } from '../zone/change.js';
import type { CertificateRecord } from '../zone/certificate-record.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { Evidence } from '../zone/operation-terms.js';
import { serverHome } from '../zone/member-home.js';
import { finishPlacedSet } from './finish-placed-sets.js';
import { recordEvent } from './record-event.js';

/** A set that was checked, and is to be a server's from now on. */
export interface Placement {
  readonly member: Member;
  readonly files: SetFiles;
  readonly set: Pick<MemberSet, 'leaf' | 'chain' | 'trust'>;
  /** What the repository does not hold yet; the leaf is `future` until it is served. */
  readonly certificates: readonly {
    readonly record: CertificateRecord;
    readonly der: Uint8Array;
  }[];
  /** For the audit log. */
  readonly what: string;
  readonly at: Instant;
}

/**
 * Makes a set a server's, outside of an operation: its folder whole and read back; then the records;
 * then `live` by one rename, the reload and the look; then what came of it. A crash before the
 * records leaves what it was, a crash after them is finished by `finishPlacedSets`. Returns how the
 * set was seen. Throws what `finishPlacedSet` throws.
 */
export async function placeSet(
  ctx: OperationContext,
  placement: Placement,
): Promise<Evidence | undefined> {
  const { member, at, certificates } = placement;
  const home = serverHome(ctx.zoneHome, member);
  const sets = await ctx.store.sets(member.id);
  const number = await nextNumber(ctx, sets, home);
  await ctx.homes.prepare(home);
  await ctx.homes.writeSet(home, number, placement.files);
  const set: MemberSet = {
    ...placement.set,
    memberId: member.id,
    number,
    purpose: 'placed',
    state: 'ready',
    operationId: null,
    createdAt: at,
  };
  const details = { member: member.name, set: number, certificate: set.leaf };
  await recordEvent(ctx, { what: placement.what, at, details }, [
    { type: 'add-certificates', certificates },
    ...overtaken(sets, set),
    { type: 'put-sets', sets: [set] },
  ]);
  return finishPlacedSet(ctx, member, set, at);
}

/** What a crash left on its way is not gone after once another set is placed. */
function overtaken(sets: readonly MemberSet[], by: MemberSet): readonly Change[] {
  const waiting = sets.filter((set) => set.purpose === 'placed' && set.state === 'ready');
  const staying = sets.filter((set) => !waiting.includes(set)).map((set) => set.leaf);
  const leaves = waiting.flatMap(({ leaf }) =>
    leaf === null || leaf === by.leaf || staying.includes(leaf) ? [] : [leaf],
  );
  if (waiting.length === 0) return [];
  return [
    { type: 'put-sets', sets: waiting.map((set) => ({ ...set, state: 'discarded' })) },
    { type: 'set-certificate-state', fingerprints: leaves, state: 'cancelled' },
  ];
}

/** A home may hold generations of a server that was removed before. */
async function nextNumber(
  ctx: OperationContext,
  sets: readonly MemberSet[],
  home: string,
): Promise<number> {
  if (sets.length > 0) return 1 + Math.max(...sets.map((set) => set.number));
  const { live, generations } = await ctx.homes.observe(home);
  return 1 + Math.max(0, live ?? 0, ...generations);
}
