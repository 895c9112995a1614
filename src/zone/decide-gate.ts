import { MOST_LISTED } from './cut-list.js';
import type { Instant } from './instant.js';
import type { Member } from './member.js';
import { isAwaited } from './is-awaited.js';
import type { Operation, OperationMember } from './operation.js';

/** Who has proved the new trust, and who has not; each list names the first thousand at most. */
export interface Gate {
  readonly ready: readonly string[];
  readonly waived: readonly string[];
  readonly missing: readonly { readonly member: string; readonly reason: string }[];
  readonly totals: GateTotals;
}

export interface GateTotals {
  readonly ready: number;
  readonly waived: number;
  readonly missing: number;
}

/** The gate of members that are judged batch by batch. */
export function joinGates(one: Gate, other: Gate): Gate {
  return {
    ready: [...one.ready, ...other.ready].slice(0, MOST_LISTED),
    waived: [...one.waived, ...other.waived].slice(0, MOST_LISTED),
    missing: [...one.missing, ...other.missing].slice(0, MOST_LISTED),
    totals: {
      ready: one.totals.ready + other.totals.ready,
      waived: one.totals.waived + other.totals.waived,
      missing: one.totals.missing + other.totals.missing,
    },
  };
}

/** The gate of nobody. */
export const EMPTY_GATE: Gate = {
  ready: [],
  waived: [],
  missing: [],
  totals: { ready: 0, waived: 0, missing: 0 },
};

/**
 * The gate before activation (`rotation.md`): a member is ready when its trust bundle was seen to
 * hold the new root and, where an external CA is to sign for it, its certificate has come. A server
 * remint changes no trust, so everybody is ready.
 */
export function decideGate(
  operation: Operation,
  parts: readonly OperationMember[],
  members: readonly Member[],
): Gate {
  const names = new Map(members.map((member) => [member.id, member]));
  const gate = {
    ready: [] as string[],
    waived: [] as string[],
    missing: [] as { member: string; reason: string }[],
  };
  for (const part of parts) {
    const member = names.get(part.memberId);
    if (member === undefined) continue;
    if (part.waived) gate.waived.push(member.name);
    else if (isReady(operation, part)) gate.ready.push(member.name);
    else
      gate.missing.push({ member: member.name, reason: part.problem?.message ?? waitingFor(part) });
  }
  const totals = {
    ready: gate.ready.length,
    waived: gate.waived.length,
    missing: gate.missing.length,
  };
  return joinGates(EMPTY_GATE, { ...gate, totals });
}

function isReady(operation: Operation, part: OperationMember): boolean {
  if (operation.kind === 'server-remint') return true;
  if (isAwaited(part)) return false;
  const servesNothing = part.trustSet === null && part.futureSet !== null;
  return part.trustProvedAt !== null || servesNothing;
}

const AWAITED = 'waits for its certificate from the new CA';

function waitingFor(part: OperationMember): string {
  if (isAwaited(part) && (part.trustProvedAt !== null || part.trustSet === null)) return AWAITED;
  return part.trustSet === null
    ? 'has not reported which roots it trusts (zmint reaches no folder of it)'
    : 'the new trust has not been staged';
}

/** What is to happen with an operation that is armed. */
export type ArmedDecision =
  | { readonly go: true }
  | {
      readonly go: false;
      readonly code: 'gate-not-satisfied' | 'waiting';
      readonly reason: string;
    };

export interface ArmedQuestion {
  readonly operation: Operation;
  readonly gate: Gate;
  readonly now: Instant;
  /** A person asks for the activation, not the clock. */
  readonly explicit: boolean;
  /** `--now`: before its instant. */
  readonly atOnce: boolean;
}

/**
 * Whether servers may be switched now (I-12, I-14): never before the instant unless a person says
 * so, never without the gate where it is mandatory, but in any case at the last safe moment.
 */
export function decideArmed(question: ArmedQuestion): ArmedDecision {
  const { operation, gate } = question;
  if (!isDue(question) && !isLastMoment(question)) {
    return { go: false, code: 'waiting', reason: waitingReason(operation) };
  }
  if (gate.totals.missing === 0 || !isGateMandatory(question)) return { go: true };
  return { go: false, code: 'gate-not-satisfied', reason: missingReason(gate) };
}

/** Whether servers wait for the gate. `ready` means: as soon as the gate is open. At the last safe moment nothing waits but a rollback. */
export function isGateMandatory(question: Omit<ArmedQuestion, 'gate'>): boolean {
  const { activation, policy } = question.operation;
  if (isLastMoment(question) && activation.when !== 'held') return false;
  return policy === 'gate' || (activation.when === 'ready' && !question.explicit);
}

function isLastMoment(question: Pick<ArmedQuestion, 'operation' | 'now'>): boolean {
  const { deadline, activation } = question.operation;
  return deadline !== null && question.now >= deadline && activation.when !== 'held';
}

function missingReason(gate: Gate): string {
  const names = gate.missing.slice(0, 5).map((one) => one.member);
  const { missing } = gate.totals;
  const more = missing > 5 ? ` and ${missing - 5} more` : '';
  const lacking = gate.missing.some(({ reason }) => reason === AWAITED);
  const fact = lacking ? 'are not ready' : 'have not proved the new trust';
  return `these members ${fact}: ${names.join(', ')}${more}`;
}

function isDue(question: ArmedQuestion): boolean {
  const { activation } = question.operation;
  if (question.atOnce) return true;
  if (activation.when === 'held') return question.explicit;
  if (activation.when === 'ready') return true;
  return question.now >= activation.instant;
}

function waitingReason(operation: Operation): string {
  return operation.activation.when === 'held'
    ? 'it was rolled back and waits for a person'
    : 'its instant has not come';
}
