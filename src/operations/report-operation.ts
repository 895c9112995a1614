import type { ReadContext } from '../ports/context.js';
import { CutListBuilder, MOST_LISTED, type CutList } from '../zone/cut-list.js';
import type { Gate } from '../zone/decide-gate.js';
import { HOUR, type Instant } from '../zone/instant.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { PartSelection } from '../zone/part-selection.js';
import { authorityCertificate } from '../zone/zone-snapshot.js';
import {
  loadRun,
  memberOf,
  MEMBERS_ALONE,
  partBatches,
  type OperationRun,
} from './operation-run.js';
import { readNamedGate } from './read-gate.js';

/** A member with its part in an operation. */
export interface ReportedMember {
  readonly member: Member;
  readonly part: OperationMember;
}

/** An operation as it is now, for people and scripts. */
export interface OperationReport {
  readonly operation: Operation;
  /** In the order of activation. */
  readonly members: CutList<ReportedMember>;
  readonly gate: Gate;
  /** Members that have a problem. */
  readonly failed: CutList<ReportedMember>;
  /** Servers that get a certificate in it. */
  readonly planned: number;
  /** Members that have a future set, and those that were seen to serve it. */
  readonly changing: number;
  readonly active: number;
  /** Servers that should serve their future set and do not. */
  readonly open: number;
  /** Servers that were rolled back and wait for a person. */
  readonly held: number;
  /** Whether some member is no server. */
  readonly devices: boolean;
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
  const head = await loadRun(ctx, id, now);
  const { operation } = head;
  const { activation, phase } = operation;
  const ended = phase === 'cancelled';
  const count = (selection: PartSelection): Promise<number> => ctx.store.countParts(id, selection);
  return {
    operation,
    members: await listParts(ctx, head, 'in-zone'),
    gate: await readNamedGate(ctx, head),
    failed: await listParts(ctx, head, 'failed'),
    planned: await count('planned'),
    changing: await count('changing'),
    active: await count('active'),
    open: ended ? 0 : await count('open'),
    held: await count('held'),
    devices: (await count('device')) > 0,
    early: activation.when === 'at' && activation.instant > now,
    wayBack: await hasWayBack(ctx, head),
    kit:
      operation.kind === 'ca-remint' && !ended
        ? `${ctx.zoneHome}/updates/${operation.updateGuid}`
        : null,
  };
}

async function listParts(
  ctx: ReadContext,
  head: OperationRun,
  selection: PartSelection,
): Promise<CutList<ReportedMember>> {
  const list = new CutListBuilder<ReportedMember>();
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection })) {
    for (const part of run.parts) {
      const member = memberOf(run, part);
      if (member !== undefined) list.add({ member, part });
    }
    if (list.list().total >= MOST_LISTED) break;
  }
  const { shown } = list.list();
  return { shown, total: await ctx.store.countParts(head.operation.id, selection) };
}

async function hasWayBack(ctx: ReadContext, head: OperationRun): Promise<boolean> {
  const { operation, snapshot, now } = head;
  if (operation.compromised) return false;
  // The deadline lies one hour before the first of all ends; without one that hour had begun at planning.
  if (operation.deadline !== null) return now <= operation.deadline + HOUR;
  const old = snapshot.authorities.find((one) => one.generation === operation.previousGeneration);
  const root = old === undefined ? undefined : authorityCertificate(snapshot, old);
  if ((root?.notAfter ?? 0) < now) return false;
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'planned' })) {
    if (run.parts.some(({ planned }) => (planned?.replacedEnds ?? now) < now)) return false;
  }
  return true;
}
