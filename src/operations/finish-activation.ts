import type { OperationContext } from '../ports/context.js';
import type { Change } from '../zone/change.js';
import { isRendered } from '../zone/is-rendered.js';
import type { Operation } from '../zone/operation.js';
import { clearCurrent } from './clear-repos.js';
import { giveFirstCrls } from './give-first-crls.js';
import { MEMBERS_ALONE, partBatches, type OperationRun } from './operation-run.js';
import { pruneSets } from './prune-sets.js';
import { recordEvent } from './record-event.js';
import { renderRepo } from './render-repo.js';

/**
 * When every server serves its future set: the new CA is the active one, the old one is retiring,
 * the remint-repos are empty and the operation is `active` (a server remint: `done`). While some do
 * not, the operation stays `activating`, and what waits for them is shown in their remint-repos.
 *
 * @param mintedHere - whether this very run has minted all sets: where none is shown in its
 *   remint-repo, nothing lies there that has become current
 */
export async function finishActivation(
  ctx: OperationContext,
  head: OperationRun,
  mintedHere: boolean,
): Promise<void> {
  if (!mintedHere || isRendered(head.operation)) await clearShown(ctx, head);
  const { operation, now } = head;
  if ((await ctx.store.countParts(operation.id, 'open')) > 0) {
    if (!isRendered(operation)) await renderOpen(ctx, head);
    return;
  }
  await giveFirstCrls(ctx, head);
  const ended = operation.kind === 'server-remint' || operation.compromised;
  const next: Operation = {
    ...operation,
    phase: ended ? 'done' : 'active',
    endedAt: ended ? now : null,
  };
  await recordEvent(ctx, { what: 'operation-active', at: now, operationId: operation.id }, [
    { type: 'put-operation', operation: next },
    ...(operation.kind === 'ca-remint' ? authorityChanges(head) : []),
  ]);
  if (operation.kind === 'server-remint') await pruneSets(ctx, { ...head, operation: next });
}

async function clearShown(ctx: OperationContext, head: OperationRun): Promise<void> {
  const walk = { certificates: false, sets: true, selection: 'active' } as const;
  for await (const run of partBatches(ctx, head, walk)) await clearCurrent(ctx, run, run.parts);
}

async function renderOpen(ctx: OperationContext, head: OperationRun): Promise<void> {
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'open' })) {
    const homes = ctx.homes.deferred();
    for (const part of run.parts) await renderRepo(ctx, homes, run, part);
    await homes.flush();
  }
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
