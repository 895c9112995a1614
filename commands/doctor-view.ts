import type { ErrorCode } from '../src/errors.js';
import type { Finding, Severity } from '../src/index.js';
import type { JsonDocument } from './cli/command.js';
import { escapeText } from './cli/escape-text.js';
import { exitStatus } from './cli/exit-status.js';
import { counted } from './cli/list-cut.js';
import type { Surface } from './cli/table.js';
import { wrapText } from './cli/wrap-text.js';

const COLUMN = 9;
const TOPIC = 13;

/** Every finding with its remedy below it, problems last, where the eye rests; then the sum. */
export function renderFindings(findings: readonly Finding[], surface: Surface): string {
  const order: readonly Severity[] = ['ok', 'notice', 'problem'];
  const sorted = order.flatMap((severity) => findings.filter((one) => one.severity === severity));
  const lines = sorted.map((finding) => renderFinding(finding, surface)).join('');
  return `${lines}\n${sumWords(findings, surface)}\n`;
}

/** 0 without a problem; the problem's own status when all are of one kind, else that of damage. */
export function findingsStatus(findings: readonly Finding[]): number {
  const codes = findings.flatMap(({ severity, code }) =>
    severity === 'problem' ? [code ?? 'damaged'] : [],
  );
  const statuses = new Set(codes.map((code: ErrorCode) => exitStatus(code)));
  const [only] = statuses;
  if (only === undefined) return 0;
  return statuses.size === 1 ? only : exitStatus('damaged');
}

/** The same for machines. */
export function findingsJson(findings: readonly Finding[]): JsonDocument {
  const count = (severity: Severity): number =>
    findings.filter((one) => one.severity === severity).length;
  return {
    problems: count('problem'),
    notices: count('notice'),
    findings: findings.map(({ examination, severity, code, message, mend }) => ({
      examination,
      severity,
      code,
      message,
      mend,
    })),
  };
}

function renderFinding(finding: Finding, { width, style }: Surface): string {
  const { examination, severity, message, mend } = finding;
  const indent = ' '.repeat(COLUMN + TOPIC);
  const dress = { ok: style.good, notice: style.warning, problem: style.bad }[severity];
  const head = `${dress(severity)}${' '.repeat(COLUMN - severity.length)}${examination.padEnd(TOPIC)}`;
  const text = wrapText(escapeText(message), width, indent).trimStart();
  // Not wrapped: it is there to be copied.
  const remedy = mend === null ? '' : `${indent}${style.strong(escapeText(mend))}\n`;
  return `${head}${text}\n${remedy}`;
}

function sumWords(findings: readonly Finding[], { style }: Surface): string {
  const problems = findings.filter(({ severity }) => severity === 'problem').length;
  const notices = findings.filter(({ severity }) => severity === 'notice').length;
  const also = notices === 0 ? '' : `, ${counted(notices, 'notice')}`;
  return problems === 0
    ? style.good(`no problem${also}`)
    : style.bad(`${counted(problems, 'problem')}${also}`);
}
