import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { Member } from '../zone/member.js';
import type { MemberSet } from '../zone/member-set.js';
import type { OperationMember } from '../zone/operation.js';
import { futureContent } from '../zone/operation-content.js';
import type { OperationRun } from './operation-run.js';
import { recordEvent } from './record-event.js';
import { setFiles } from './set-files.js';

export interface TrustOnlyTarget {
  readonly part: OperationMember;
  readonly member: Member;
  readonly home: string;
}

/**
 * Writes the set of a member that only trusts: the operation's future bundle and no certificate.
 * Throws `damaged` for a server, whose future set must have been minted.
 */
export async function writeTrustOnlySet(
  ctx: OperationContext,
  run: OperationRun,
  target: TrustOnlyTarget,
): Promise<MemberSet> {
  const { part, member, home } = target;
  if (part.planned !== null || part.futureSet === null) {
    throw new ZmintError('damaged', `the future set of ${member.name} is not recorded`, {
      hint: 'zmint doctor',
    });
  }
  const { trust } = futureContent(run.snapshot, run.operation, await ctx.store.anchors());
  await ctx.homes.prepare(home);
  await ctx.homes.writeSet(
    home,
    part.futureSet,
    setFiles(ctx, { chain: [], pkcs8: null, trust: await ctx.store.der(trust) }),
  );
  const set: MemberSet = {
    memberId: member.id,
    number: part.futureSet,
    purpose: 'future',
    state: 'ready',
    leaf: null,
    chain: [],
    trust,
    operationId: run.operation.id,
    createdAt: run.now,
  };
  await recordEvent(
    ctx,
    {
      what: 'trust-set-written',
      at: run.now,
      operationId: run.operation.id,
      details: { member: member.name },
    },
    [{ type: 'put-sets', sets: [set] }],
  );
  return set;
}
