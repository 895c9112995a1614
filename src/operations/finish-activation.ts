import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import type { Operation, OperationMember } from '../zone/operation.js';
import { clearCurrent } from './clear-repos.js';
import { memberOf, type OperationRun } from './operation-run.js';
import { pruneSets } from './prune-sets.js';
import { recordEvent } from './record-event.js';

/** Parts whose servers do not serve their future set yet, though they should. */
export function openParts(run: OperationRun): readonly OperationMember[] {
  return run.parts.filter(
    (part) =>
      part.futureSet !== null &&
      part.evidence === null &&
      !part.waived &&
      memberOf(run, part) !== undefined,
  );
}

/**
 * When every server serves its future set: the new CA is the active one, the old one is retiring,
 * the remint-repos are empty and the operation is `active` (a server remint: `done`). While some do
 * not, the operation stays `activating`.
 */
export async function finishActivation(ctx: OperationContext, run: OperationRun): Promise<void> {
  await clearCurrent(
    ctx,
    run,
    run.parts.filter((part) => part.evidence !== null),
  );
  if (openParts(run).length > 0) return;
  const { operation, now } = run;
  const ended = operation.kind === 'server-remint' || operation.compromised;
  const next: Operation = {
    ...operation,
    phase: ended ? 'done' : 'active',
    endedAt: ended ? now : null,
  };
  await recordEvent(ctx, { what: 'operation-active', at: now, operationId: operation.id }, [
    { type: 'put-operation', operation: next },
    ...(operation.kind === 'ca-remint' ? authorityChanges(run) : []),
  ]);
  if (operation.kind === 'server-remint') await pruneSets(ctx, run);
}

function authorityChanges(run: OperationRun): readonly Change[] {
  const { operation, snapshot } = run;
  const oldState = operation.compromised ? 'retired' : 'retiring';
  const changes: Change[] = [];
  for (const authority of snapshot.authorities) {
    if (authority.generation === operation.generation) {
      changes.push({ type: 'put-authority', authority: { ...authority, state: 'active' } });
      changes.push({
        type: 'set-certificate-state',
        fingerprints: [authority.certificate],
        state: 'current',
      });
    }
    if (authority.generation === operation.previousGeneration) {
      changes.push({ type: 'put-authority', authority: { ...authority, state: oldState } });
      const state = operation.compromised ? 'retired' : 'previous';
      changes.push({ type: 'set-certificate-state', fingerprints: [authority.certificate], state });
    }
  }
  const crosses = snapshot.authorityCertificates.filter(
    (one) => one.purpose === 'cross' && one.operationId === operation.id,
  );
  changes.push({
    type: 'set-certificate-state',
    fingerprints: crosses.map((one) => one.fingerprint),
    state: 'current',
  });
  return changes;
}
