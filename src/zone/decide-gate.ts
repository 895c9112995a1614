import type { Instant } from './instant.js';
import type { Member } from './member.js';
import type { Operation, OperationMember } from './operation.js';

/** Who has proved the new trust, and who has not. */
export interface Gate {
  readonly ready: readonly string[];
  readonly waived: readonly string[];
  readonly missing: readonly { readonly member: string; readonly reason: string }[];
}

/**
 * The gate before activation (`rotation.md`): a member is ready when its trust bundle was seen to
 * hold the new root. A server remint changes no trust, so everybody is ready.
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
  return gate;
}

function isReady(operation: Operation, part: OperationMember): boolean {
  if (operation.kind === 'server-remint') return true;
  const servesNothing = part.trustSet === null && part.futureSet !== null;
  return part.trustProvedAt !== null || servesNothing;
}

function waitingFor(part: OperationMember): string {
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
  if (gate.missing.length === 0 || !isGateMandatory(question)) return { go: true };
  return { go: false, code: 'gate-not-satisfied', reason: missingReason(gate) };
}

/** `ready` means: as soon as the gate is open. At the last safe moment nothing waits but a rollback. */
function isGateMandatory(question: ArmedQuestion): boolean {
  const { activation, policy } = question.operation;
  if (isLastMoment(question) && activation.when !== 'held') return false;
  return policy === 'gate' || (activation.when === 'ready' && !question.explicit);
}

function isLastMoment(question: ArmedQuestion): boolean {
  const { deadline, activation } = question.operation;
  return deadline !== null && question.now >= deadline && activation.when !== 'held';
}

function missingReason(gate: Gate): string {
  const names = gate.missing.slice(0, 5).map((one) => one.member);
  const more = gate.missing.length > 5 ? ` and ${gate.missing.length - 5} more` : '';
  return `these members have not proved the new trust: ${names.join(', ')}${more}`;
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
