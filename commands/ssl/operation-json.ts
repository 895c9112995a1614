import {
  renderInstant,
  type Activation,
  type Instant,
  type Operation,
  type OperationMember,
  type OperationReport,
} from '../../src/index.js';
import type { JsonDocument } from '../cli/command.js';

/** An operation with its members, its gate and what is still open, as every command on operations prints it. */
export function operationReportJson(report: OperationReport): JsonDocument {
  return {
    operation: operationJson(report.operation),
    members: report.members.shown.map(({ member, part }) => ({
      name: member.name,
      path: member.path,
      ...partJson(part),
    })),
    gate: report.gate,
    open: report.open,
    failed: report.failed.shown.map(({ member }) => member.name),
    totals: {
      members: report.members.total,
      active: report.active,
      failed: report.failed.total,
    },
    kit: report.kit,
  };
}

/** An operation alone. */
export function operationJson(operation: Operation): JsonDocument {
  return {
    id: operation.id,
    kind: operation.kind,
    phase: operation.phase,
    activation: activationJson(operation.activation),
    policy: operation.policy,
    deadline: instantJson(operation.deadline),
    updateName: operation.updateName,
    updateGuid: operation.updateGuid,
    keepKey: operation.keepKey,
    compromised: operation.compromised,
    generation: operation.generation,
    previousGeneration: operation.previousGeneration,
    startedBy: operation.startedBy,
    startedAt: renderInstant(operation.startedAt),
    endedAt: instantJson(operation.endedAt),
  };
}

/** `{"when":"at","instant":…}`, `{"when":"ready"}` or `{"when":"held"}`. */
export function activationJson(activation: Activation): JsonDocument {
  return activation.when === 'at'
    ? { when: 'at', instant: renderInstant(activation.instant) }
    : { when: activation.when };
}

/** RFC 3339, or null. */
export function instantJson(instant: Instant | null): string | null {
  return instant === null ? null : renderInstant(instant);
}

function partJson(part: OperationMember): JsonDocument {
  return {
    state: part.update,
    creation: part.creation,
    evidence: part.evidence,
    held: part.held,
    waived: part.waived,
    futureCertificate: part.futureCertificate,
    trustProvedAt: instantJson(part.trustProvedAt),
    problem: part.problem === null ? null : { ...part.problem, at: renderInstant(part.problem.at) },
  };
}
