import type { ErrorCode } from '../../src/errors.js';
import type { OperationReport } from '../../src/index.js';
import { EXIT_STATUSES, exitStatus } from '../cli/exit-status.js';

/**
 * The exit status of what was done: 0, 40 when members failed, and the failure's own status when
 * exactly one server was meant.
 *
 * @param meant - ids of the members that were meant; null: every one that gets a certificate
 */
export function operationStatus(
  reports: readonly OperationReport[],
  meant: ReadonlySet<string> | null = null,
): number {
  const planned = reports.reduce((sum, report) => sum + report.planned, 0);
  const failed = reports
    .flatMap((report) => report.failed.shown)
    .filter(({ member }) => meant === null || meant.has(member.id));
  const [first] = failed;
  if (first === undefined) return 0;
  const code = first.part.problem?.code;
  return (meant?.size ?? planned) === 1 && isErrorCode(code)
    ? exitStatus(code)
    : exitStatus('partial');
}

function isErrorCode(code: string | undefined): code is ErrorCode {
  return code !== undefined && Object.hasOwn(EXIT_STATUSES, code);
}
