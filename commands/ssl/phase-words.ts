import {
  keepsTrust,
  renderWhen,
  type OffsetAt,
  type OperationPhase,
  type OperationReport,
} from '../../src/index.js';

type Words = (report: OperationReport, offsetAt: OffsetAt) => string;

const WORDS: Readonly<Record<OperationPhase, Words>> = {
  preparing: () => 'certificates are being made',
  prepared: () => 'the new trust is to be spread; nothing serves a new certificate yet',
  staging: () => 'the new trust is being spread; nothing serves a new certificate yet',
  armed: armedWords,
  activating: activatingWords,
  active: () => 'active; the old and the new root are both trusted',
  retiring: () => 'the old root is being taken out of the trust',
  cancelling: () => 'being cancelled',
  done: () => 'done',
  cancelled: () => 'cancelled; everything is as it was before',
};

/** Under the root that everybody trusts already. */
const SAME_ROOT: Readonly<Partial<Record<OperationPhase, string>>> = {
  prepared: 'certificates are being laid ready; nothing serves a new one yet',
  staging: 'certificates are being laid ready; nothing serves a new one yet',
  active: 'active; the root that everybody trusts is the same as before',
  retiring: 'the old CA is being let go',
};

/** Where an operation stands, as the end of a sentence. */
export function phaseWords(report: OperationReport, offsetAt: OffsetAt): string {
  const { plannedAuthority, phase } = report.operation;
  const same = keepsTrust(plannedAuthority?.origin) ? SAME_ROOT[phase] : undefined;
  return same ?? WORDS[phase](report, offsetAt);
}

function armedWords({ operation }: OperationReport, offsetAt: OffsetAt): string {
  if (operation.activation.when === 'held') {
    return 'rolled back; the servers serve their certificates from before';
  }
  return `everything is made and waits; activation ${renderWhen(operation.activation, offsetAt)}`;
}

function activatingWords(report: OperationReport): string {
  const { held, changing: all } = report;
  const serving = `${all - report.open} of ${all} serve the new certificates`;
  return held === 0 ? `activating; ${serving}` : `${held} rolled back; ${serving}`;
}
