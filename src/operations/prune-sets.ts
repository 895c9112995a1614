import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { MemberHomes } from '../ports/member-homes.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { memberOf, partBatches, type OperationRun } from './operation-run.js';
import { recordEvent } from './record-event.js';

/**
 * Removes sets that nobody can go back to any more, with their private keys: those behind the last
 * previous one and, after retiring, every one but the live. Only where a handshake has shown the
 * live certificate (I-3); elsewhere the old sets stay.
 *
 * Order: the rows say `retired` first, then the folders go; what a crash leaves goes next time.
 */
export async function pruneSets(ctx: OperationContext, head: OperationRun): Promise<void> {
  const walk = { certificates: false, sets: true, selection: 'active' } as const;
  for await (const run of partBatches(ctx, head, walk)) await pruneBatch(ctx, run);
}

async function pruneBatch(ctx: OperationContext, run: OperationRun): Promise<void> {
  const shown = run.parts.filter((part) => part.evidence === 'handshake');
  const retirements = new Map(
    shown.flatMap((part) => {
      const one = retirement(run, part);
      return one === undefined ? [] : [[part.memberId, one]];
    }),
  );
  await recordRetired(ctx, run, [...retirements.values()]);
  const homes = ctx.homes.deferred();
  for (const part of shown) {
    const member = memberOf(run, part);
    if (member === undefined) continue;
    const sets = run.snapshot.sets.get(member.id) ?? [];
    const gone = retirements.get(member.id)?.old ?? [];
    await removeFolders(ctx, homes, { member, sets, numbers: gone.map((set) => set.number) });
  }
  await homes.flush();
}

function retirement(run: OperationRun, part: OperationMember): Retirement | undefined {
  const member = memberOf(run, part);
  if (member === undefined) return undefined;
  const sets = run.snapshot.sets.get(member.id) ?? [];
  const kept = run.operation.kind === 'server-remint' ? part.previousSet : null;
  const old = sets.filter((set) => set.state === 'previous' && set.number !== kept);
  return old.length === 0 ? undefined : { member, old, sets };
}

/** A member whose folders are to go: its sets as recorded, and further numbers that go. */
export interface FoldersToGo {
  readonly member: Member;
  readonly sets: readonly MemberSet[];
  readonly numbers: readonly number[];
}

/**
 * Removes the folders of a member that its rows say nobody needs, and those of the given numbers;
 * never the live one. A folder that resists is left.
 */
export async function removeFolders(
  ctx: OperationContext,
  homes: MemberHomes,
  { member, sets, numbers }: FoldersToGo,
): Promise<void> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null) return;
  try {
    const { live, generations } = await homes.observe(home);
    const ended = sets.filter((set) => set.state === 'retired' || set.state === 'discarded');
    const gone = new Set([...ended.map((set) => set.number), ...numbers]);
    // Those asked for also when they are not complete: a power cut may have left a part of them.
    const there = new Set([...generations.filter((number) => gone.has(number)), ...numbers]);
    for (const number of there) if (number !== live) await homes.removeSet(home, number);
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
  }
}

interface Retirement {
  readonly member: Member;
  readonly old: readonly MemberSet[];
  readonly sets: readonly MemberSet[];
}

async function recordRetired(
  ctx: OperationContext,
  run: OperationRun,
  retirements: readonly Retirement[],
): Promise<void> {
  if (retirements.length === 0) return;
  const details = {
    members: retirements.map(({ member, old }) => ({
      member: member.name,
      sets: old.map((set) => set.number),
    })),
  };
  const what = 'sets-retired';
  await recordEvent(ctx, { what, at: run.now, operationId: run.operation.id, details }, [
    {
      type: 'put-sets',
      sets: retirements.flatMap(({ old }) =>
        old.map((set) => ({ ...set, state: 'retired' as const })),
      ),
    },
    {
      type: 'set-certificate-state',
      fingerprints: retirements.flatMap(leavesOf),
      state: 'retired',
    },
  ]);
}

/** The certificates that none of the sets that stay is made of. */
function leavesOf({ old, sets }: Retirement): readonly Fingerprint[] {
  const staying = new Set(
    sets.filter((set) => !old.includes(set) && set.state !== 'retired').map((set) => set.leaf),
  );
  return [...new Set(old.map((set) => set.leaf))].filter(
    (leaf): leaf is Fingerprint => leaf !== null && !staying.has(leaf),
  );
}
