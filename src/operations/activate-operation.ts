import { ZmintError } from '../errors.js';
import type { OperationContext } from '../ports/context.js';
import type { SetFiles } from '../ports/member-homes.js';
import type { Change } from '../zone/change.js';
import { liveChange } from '../zone/live-set.js';
import { memberHome } from '../zone/member-home.js';
import type { Member } from '../zone/member.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import type { Activation } from '../zone/operation-terms.js';
import { liveSet } from '../zone/zone-snapshot.js';
import { authorityAlias } from '../zone/zone-trust.js';
import { checkSet } from './check-set.js';
import { driveMembers, type Drive, type Settlement } from './drive-members.js';
import { finishActivation } from './finish-activation.js';
import { findSet, loadRun, memberOf, setOf, type OperationRun } from './operation-run.js';
import { publishTrust } from './publish-trust.js';
import { recordEvent } from './record-event.js';
import { replacePlaced } from './replace-placed.js';
import type { SwitchOutcome } from './switch-member.js';
import { writeTrustOnlySet } from './write-trust-only-set.js';

/**
 * Switches servers to their future sets, in the order CA server, Primary Servers, satellites, the
 * rest. Needs no CA key. What is recorded first: the phase and each member's target; then the
 * renames; then each wave's results. A server whose look fails is put back and reported.
 *
 * @param only - ids of the members that a person named; null: all that are not held back
 */
export async function activateOperation(
  ctx: OperationContext,
  begun: OperationRun,
  only: ReadonlySet<string> | null,
): Promise<void> {
  const refused = await replacePlaced(ctx, begun);
  const run = await loadRun(ctx, begun.operation.id, begun.now);
  const chosen = run.parts.filter(
    (part) => isToActivate(part, only) && !refused.has(part.memberId),
  );
  const drives: Drive[] = [];
  for (const part of chosen) {
    const drive = await prepareDrive(ctx, run, part);
    if (drive !== undefined) drives.push(drive);
  }
  await recordEvent(
    ctx,
    {
      what: 'activation-begun',
      at: run.now,
      operationId: run.operation.id,
      details: { members: drives.length },
    },
    [
      { type: 'put-operation', operation: begunOperation(run) },
      { type: 'put-operation-members', members: drives.map((drive) => drive.part) },
      ...(run.operation.compromised ? removeOldAnchor(run) : []),
    ],
  );
  if (run.operation.compromised) await publishTrust(ctx);
  await driveMembers(
    ctx,
    {
      operation: run.operation,
      step: 'activate',
      what: 'servers-activated',
      now: run.now,
      settle: (drive, outcome) => settle(ctx, run, drive, outcome),
    },
    drives,
  );
  await finishActivation(ctx, await loadRun(ctx, run.operation.id, run.now));
}

/** Only a person gets an operation that was rolled back as a whole to this point. */
function begunOperation(run: OperationRun): Operation {
  const { operation, now } = run;
  const held = operation.activation.when === 'held';
  const activation: Activation = held ? { when: 'at', instant: now } : operation.activation;
  return { ...operation, phase: 'activating', activation };
}

/** Whether a part waits for its switch: named, or neither held back nor waived. */
export function isToActivate(part: OperationMember, only: ReadonlySet<string> | null): boolean {
  if (part.futureSet === null || part.evidence !== null) return false;
  if (part.planned !== null && part.creation !== 'new-certificate-created') return false;
  if (only !== null) return only.has(part.memberId);
  return !part.held && !part.waived;
}

async function prepareDrive(
  ctx: OperationContext,
  run: OperationRun,
  part: OperationMember,
): Promise<Drive | undefined> {
  const member = memberOf(run, part);
  const home = member === undefined ? null : memberHome(ctx.zoneHome, member);
  if (member === undefined || home === null || part.futureSet === null) return undefined;
  const to =
    findSet(run, member.id, part.futureSet) ??
    (await writeTrustOnlySet(ctx, run, { part, member, home }));
  // Not the trust set by itself: its staging may have failed, and then nothing shows that it serves.
  const back = liveSet(run.snapshot, member.id) ?? findSet(run, member.id, part.previousSet);
  const problem =
    part.planned === null
      ? undefined
      : await refuseBadSet(ctx, run, { member, home, number: to.number });
  const aimed = { ...part, target: to.number, held: false };
  if (problem === undefined) return { part: aimed, job: { member, home, to, back } };
  ctx.progress.report({
    type: 'member',
    step: 'activate',
    member: member.name,
    ok: false,
    text: problem.message,
  });
  await recordEvent(
    ctx,
    {
      what: 'activation-refused',
      at: run.now,
      operationId: run.operation.id,
      details: { member: member.name, code: problem.code },
    },
    [
      {
        type: 'put-operation-members',
        members: [
          {
            ...part,
            update: 'error',
            problem: { code: problem.code, message: problem.message, at: run.now },
          },
        ],
      },
    ],
  );
  return undefined;
}

/** The set is read again right before it is used: disks and people change things (I-1). */
async function refuseBadSet(
  ctx: OperationContext,
  run: OperationRun,
  where: { readonly member: Member; readonly home: string; readonly number: number },
): Promise<ZmintError | undefined> {
  const { member, home, number } = where;
  try {
    const files: SetFiles | undefined = await ctx.homes.readSet(home, number);
    if (files === undefined) {
      return new ZmintError(
        'damaged',
        `generation ${number} of ${member.name} is missing or not complete`,
        {
          hint: `zmint ssl cancel, then zmint ssl remint ${member.name}`,
        },
      );
    }
    const checked = await checkSet(ctx, files, `generation ${number} of ${member.name}`, run.now);
    const recorded = setOf(run, member.id, number).leaf;
    if (recorded === ctx.digest.sha256(checked.leaf.der)) return undefined;
    return new ZmintError(
      'damaged',
      `generation ${number} of ${member.name} holds another certificate than was recorded`,
      {
        hint: 'zmint doctor',
      },
    );
  } catch (error) {
    if (error instanceof ZmintError && error.code !== 'bug') return error;
    throw error;
  }
}

async function settle(
  ctx: OperationContext,
  run: OperationRun,
  drive: Drive,
  outcome: SwitchOutcome,
): Promise<Settlement> {
  const { part, job } = drive;
  if (!outcome.ok) {
    const problem = { code: outcome.code, message: outcome.message, at: run.now };
    return {
      part: { ...part, update: 'error', problem, target: job.back?.number ?? null },
      changes: [],
    };
  }
  const changes: Change[] = [
    ...liveChange(await ctx.store.sets(job.member.id), job.to.number, 'previous'),
  ];
  const replaced = run.snapshot.current.get(job.member.id);
  if (replaced !== undefined && replaced.fingerprint !== job.to.leaf) {
    changes.push({
      type: 'set-certificate-state',
      fingerprints: [replaced.fingerprint],
      state: 'previous',
    });
  }
  if (job.to.leaf !== null)
    changes.push({ type: 'set-certificate-state', fingerprints: [job.to.leaf], state: 'current' });
  return {
    part: {
      ...part,
      update: 'update-completed',
      evidence: outcome.evidence,
      trustProvedAt: part.trustProvedAt ?? run.now,
      problem: null,
    },
    changes,
  };
}

function removeOldAnchor(run: OperationRun): readonly Change[] {
  return [{ type: 'remove-anchor', alias: authorityAlias(run.operation.previousGeneration) }];
}
