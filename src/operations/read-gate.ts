import type { GlanceContext } from '../ports/context.js';
import { decideGate, EMPTY_GATE, joinGates, type Gate } from '../zone/decide-gate.js';
import type { PartSelection } from '../zone/part-selection.js';
import { MEMBERS_ALONE, partBatches, type OperationRun } from './operation-run.js';

/**
 * The gate of an operation for deciding: who is ready is only counted, and the list of their names
 * is empty.
 */
export async function readGate(ctx: GlanceContext, head: OperationRun): Promise<Gate> {
  const { store } = ctx;
  const { id } = head.operation;
  const rest = joinGates(await gateOf(ctx, head, 'unproved'), await gateOf(ctx, head, 'waived'));
  const all = await store.countParts(id, 'in-zone');
  const ready = all - rest.totals.waived - rest.totals.missing;
  return { ...rest, totals: { ...rest.totals, ready } };
}

/** The same for showing it, with the names of the first thousand that are ready. */
export async function readNamedGate(ctx: GlanceContext, head: OperationRun): Promise<Gate> {
  return { ...(await readGate(ctx, head)), ready: await firstReady(ctx, head) };
}

/** The gate with every part read and checked: what servers are switched on. */
export function readWholeGate(ctx: GlanceContext, head: OperationRun): Promise<Gate> {
  return gateOf(ctx, head, 'all');
}

async function gateOf(
  ctx: GlanceContext,
  head: OperationRun,
  selection: PartSelection,
): Promise<Gate> {
  let gate = EMPTY_GATE;
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection }))
    gate = joinGates(gate, decideGate(run.operation, run.parts, run.snapshot.members));
  return gate;
}

async function firstReady(ctx: GlanceContext, head: OperationRun): Promise<readonly string[]> {
  const names: string[] = [];
  for await (const run of partBatches(ctx, head, { ...MEMBERS_ALONE, selection: 'all' })) {
    names.push(...decideGate(run.operation, run.parts, run.snapshot.members).ready);
    if (names.length > 0) break;
  }
  return names;
}
