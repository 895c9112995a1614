import type { ReadContext } from '../ports/context.js';
import { decideGate, type Gate } from '../zone/decide-gate.js';
import type { Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { authorityCertificate } from '../zone/zone-snapshot.js';
import { loadRun, memberOf, type OperationRun } from './operation-run.js';
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
  /** Its instant is still to come: only `--now` activates before it. */
  readonly early: boolean;
  /** Whether a rollback would not be refused: nothing to go back to has expired or is compromised. */
  readonly wayBack: boolean;
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
  const { activation, phase } = run.operation;
  const ended = phase === 'cancelled';
  return {
    operation: run.operation,
    members,
    gate: decideGate(run.operation, run.parts, run.snapshot.members),
    failed: members.filter(({ part }) => part.problem !== null),
    open: ended ? 0 : openParts(run).length,
    early: activation.when === 'at' && activation.instant > now,
    wayBack: hasWayBack(run),
    kit:
      run.operation.kind === 'ca-remint' && !ended
        ? `${ctx.zoneHome}/updates/${run.operation.updateGuid}`
        : null,
  };
}

function hasWayBack(run: OperationRun): boolean {
  const { operation, parts, snapshot, now } = run;
  const old = snapshot.authorities.find((one) => one.generation === operation.previousGeneration);
  const root = old === undefined ? undefined : authorityCertificate(snapshot, old);
  const ends = parts.flatMap(({ planned }) => planned?.replacedEnds ?? []);
  return !operation.compromised && [root?.notAfter ?? 0, ...ends].every((end) => end >= now);
}
