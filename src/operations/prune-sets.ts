import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Fingerprint } from '../zone/fingerprint.js';
import type { Instant } from '../zone/instant.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { memberOf, type OperationRun } from './operation-run.js';
import { recordEvent } from './record-event.js';

/**
 * Removes sets that nobody can go back to any more, with their private keys: those behind the last
 * previous one and, after retiring, every one but the live. Only where a handshake has shown the
 * live certificate (I-3); elsewhere the old sets stay.
 *
 * Order: the rows say `retired` first, then the folders go; what a crash leaves goes next time.
 */
export async function pruneSets(ctx: OperationContext, run: OperationRun): Promise<void> {
  for (const part of run.parts) {
    const member = memberOf(run, part);
    if (member !== undefined && part.evidence === 'handshake')
      await pruneMember(ctx, run, part, member);
  }
}

async function pruneMember(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
  member: Member,
): Promise<void> {
  const sets = await ctx.store.sets(member.id);
  const kept = run.operation.kind === 'server-remint' ? part.previousSet : null;
  const old = sets.filter((set) => set.state === 'previous' && set.number !== kept);
  await recordRetired(ctx, run.now, { operationId: run.operation.id, member, old, sets });
  await removeFolders(ctx, member);
}

/**
 * Removes the folders of a member that its rows say nobody needs, and those of the given numbers;
 * never the live one. A folder that resists is left.
 */
export async function removeFolders(
  ctx: OperationContext,
  member: Member,
  numbers: readonly number[] = [],
): Promise<void> {
  const home = memberHome(ctx.zoneHome, member);
  if (home === null) return;
  try {
    const sets = await ctx.store.sets(member.id);
    const { live, generations } = await ctx.homes.observe(home);
    const ended = sets.filter((set) => set.state === 'retired' || set.state === 'discarded');
    const gone = new Set([...ended.map((set) => set.number), ...numbers]);
    for (const number of generations) {
      if (number !== live && gone.has(number)) await ctx.homes.removeSet(home, number);
    }
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
  }
}

interface Retirement {
  readonly operationId: string;
  readonly member: Member;
  readonly old: readonly MemberSet[];
  readonly sets: readonly MemberSet[];
}

async function recordRetired(
  ctx: OperationContext,
  now: Instant,
  retirement: Retirement,
): Promise<void> {
  const { old, sets, member } = retirement;
  if (old.length === 0) return;
  const staying = new Set(
    sets.filter((set) => !old.includes(set) && set.state !== 'retired').map((set) => set.leaf),
  );
  const leaves = [...new Set(old.map((set) => set.leaf))].filter(
    (leaf): leaf is Fingerprint => leaf !== null && !staying.has(leaf),
  );
  await recordEvent(
    ctx,
    {
      what: 'sets-retired',
      at: now,
      operationId: retirement.operationId,
      details: { member: member.name, sets: old.map((set) => set.number) },
    },
    [
      { type: 'put-sets', sets: old.map((set) => ({ ...set, state: 'retired' })) },
      { type: 'set-certificate-state', fingerprints: leaves, state: 'retired' },
    ],
  );
}
