import { decideArmed, type Gate } from './decide-gate.js';
import type { Instant } from './instant.js';
import type { Operation } from './operation.js';

/** What an operation that runs is waiting for. */
export type Standing =
  /** A command was cut short, or is at it just now: `ssl resume` finishes or undoes. */
  | 'interrupted'
  | 'waits-for-instant'
  | 'waits-for-gate'
  /** It was rolled back, or some servers were: only a person activates them again. */
  | 'waits-for-person'
  /** Its instant has come: `ssl resume` activates. */
  | 'due'
  /** Some servers are not switched yet. */
  | 'switching'
  /** All serve the new certificates; the old root may leave once every member trusts the new one. */
  | 'waits-for-retire'
  | 'ended';

export interface StandingQuestion {
  readonly operation: Operation;
  /** Members that were rolled back. */
  readonly held: number;
  readonly gate: Gate;
  readonly now: Instant;
}

/** Decides it from the phase, the clock and the gate. */
export function decideStanding(question: StandingQuestion): Standing {
  const { phase } = question.operation;
  if (phase === 'armed') return armedStanding(question);
  const held = phase === 'activating' && question.held > 0;
  return held ? 'waits-for-person' : STANDINGS[phase];
}

const STANDINGS: Readonly<Record<Exclude<Operation['phase'], 'armed'>, Standing>> = {
  preparing: 'interrupted',
  prepared: 'interrupted',
  staging: 'interrupted',
  activating: 'switching',
  active: 'waits-for-retire',
  retiring: 'interrupted',
  cancelling: 'interrupted',
  done: 'ended',
  cancelled: 'ended',
};

function armedStanding(question: StandingQuestion): Standing {
  const { operation, gate, now } = question;
  const decision = decideArmed({ operation, gate, now, explicit: false, atOnce: false });
  if (decision.go) return 'due';
  if (decision.code === 'gate-not-satisfied') return 'waits-for-gate';
  return operation.activation.when === 'held' ? 'waits-for-person' : 'waits-for-instant';
}
