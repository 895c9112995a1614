import type { ReadContext } from '../ports/context.js';
import { decideGate, type Gate } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { loadRun, memberOf } from './operation-run.js';
import { openParts } from './finish-activation.js';

/** An operation as it is now, for people and scripts. */
export interface OperationReport {
  readonly operation: Operation;
  readonly members: readonly { readonly member: Member; readonly part: OperationMember }[];
  readonly gate: Gate;
  /** Members that have a problem. */
  readonly failed: readonly { readonly member: Member; readonly part: OperationMember }[];
  /** Servers that should serve their future set and do not. */
  readonly open: number;
  /** Where the content of the certificate update and the offline kit lie. */
  readonly kit: string | null;
}

/** Throws `not-found` for an id that does not exist. */
export async function reportOperation(
  ctx: ReadContext,
  id: string,
  now: Instant,
): Promise<OperationReport> {
  const run = await loadRun(ctx, id, now);
  const members = run.parts.flatMap((part) => {
    const member = memberOf(run, part);
    return member === undefined ? [] : [{ member, part }];
  });
  const ended = run.operation.phase === 'cancelled';
  return {
    operation: run.operation,
    members,
    gate: decideGate(run.operation, run.parts, run.snapshot.members),
    failed: members.filter(({ part }) => part.problem !== null),
    open: ended ? 0 : openParts(run).length,
    kit:
      run.operation.kind === 'ca-remint' && !ended
        ? `${ctx.zoneHome}/updates/${run.operation.updateGuid}`
        : null,
  };
}
