import { ZmintError } from '../errors.js';
import type { Member } from './member.js';
import type { Operation } from './operation.js';
import { caOperation, type ZoneSnapshot } from './zone-snapshot.js';

const END_REMINT = 'zmint ssl activate --now, or zmint ssl cancel';

/**
 * Throws `operation-pending` when an operation that runs stands in the way whatever it is about: any
 * CA operation until it is active, for a CA remint also one that was not retired, and any remint of
 * servers.
 */
export function refuseRunning(base: ZoneSnapshot, withCa: boolean): void {
  const running = caOperation(base);
  if (running !== undefined && running.phase !== 'active') throw pending(running, 'zmint status');
  if (!withCa) return;
  if (running !== undefined) throw pending(running, 'zmint ssl retire');
  refuseServerRemints(base);
}

/** Throws `operation-pending` when a remint of servers runs that one of the chosen has a part in. */
export function refuseTouched(batch: ZoneSnapshot, chosen: readonly Member[]): void {
  const busy = batch.pending.find(
    (operation) => operation.kind === 'server-remint' && touches(batch, operation, chosen),
  );
  if (busy !== undefined) throw pending(busy, END_REMINT);
}

/** Both of these, for members that get certificates from outside or under the CA of today. */
export function refusePending(
  snapshot: ZoneSnapshot,
  withCa: boolean,
  chosen: readonly Member[],
): void {
  refuseRunning(snapshot, withCa);
  refuseTouched(snapshot, chosen);
}

/**
 * Throws `operation-pending` while a remint of servers waits: its sets were made under the trust of
 * today and would bring back a root that leaves.
 */
export function refuseServerRemints(snapshot: ZoneSnapshot): void {
  const waiting = snapshot.pending.find((operation) => operation.kind === 'server-remint');
  if (waiting !== undefined) throw pending(waiting, END_REMINT);
}

function touches(snapshot: ZoneSnapshot, operation: Operation, chosen: readonly Member[]): boolean {
  const parts = snapshot.parts.get(operation.id) ?? [];
  const ids = new Set(chosen.map((member) => member.id));
  return parts.some((part) => ids.has(part.memberId));
}

function pending(operation: Operation, hint: string): ZmintError {
  const changed = operation.plannedAuthority?.origin !== undefined;
  const ca = changed ? 'a change of the CA' : 'a remint of the CA';
  const what = operation.kind === 'ca-remint' ? ca : 'a remint of servers';
  return new ZmintError('operation-pending', `${operation.id}, ${what}, is ${operation.phase}`, {
    hint,
    details: { operation: operation.id, phase: operation.phase },
  });
}
