import { renderInstant, type VerifyReport } from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import type { Surface } from '../cli/table.js';

/** The verdict, then the path or every problem, each with the rule that it breaks. */
export function renderVerification(report: VerifyReport, { style }: Surface): string {
  const at = `at ${renderInstant(report.at)}`;
  if (report.valid) {
    return `${style.good('valid')} ${at}\n${pathLines(report)}`;
  }
  const problems = report.problems.map(
    ({ message, code, rfc }) => `  ${escapeText(message)}\n    ${style.faint(`${code}, ${rfc}`)}\n`,
  );
  return `${style.bad('not valid')} ${at}\n${problems.join('')}${pathLines(report)}`;
}

function pathLines({ path }: VerifyReport): string {
  const lines = path.map(({ subject, sha256 }, index) => {
    const name = subject === '' ? '(empty subject)' : subject;
    return `${'  '.repeat(index + 1)}${escapeText(name)}  sha256:${sha256}\n`;
  });
  return `path, the certificate first:\n${lines.join('')}`;
}
