import type { OperationReport } from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import type { Session } from '../cli/session.js';
import { nextSteps } from './next-steps.js';
import { operationReportJson } from './operation-json.js';
import { operationStatus } from './operation-status.js';
import { renderOperation } from './operation-view.js';

/** What a command that moved one operation leaves behind. */
export function operationOutcome(
  session: Session,
  report: OperationReport,
  facts: JsonDocument = {},
): Outcome {
  return {
    json: () => ({ dryRun: false, ...facts, ...operationReportJson(report) }),
    text: () => operationText(session, report),
    status: operationStatus([report]),
    diagnostics: nextSteps(report, session.zoneHome),
  };
}

/** As `operationOutcome`, for commands that may move several. */
export function operationsOutcome(
  session: Session,
  reports: readonly OperationReport[],
  meant: ReadonlySet<string> | null,
): Outcome {
  return {
    json: () => ({ dryRun: false, operations: reports.map(operationReportJson) }),
    text: () => reports.map((report) => operationText(session, report)).join('\n'),
    status: operationStatus(reports, meant),
    diagnostics: [...new Set(reports.flatMap((report) => nextSteps(report, session.zoneHome)))],
  };
}

/** An operation as the session wants to see it. */
export function operationText(session: Session, report: OperationReport): string {
  return renderOperation(report, {
    surface: session.terminal,
    verbose: session.options.verbose,
    offsetAt: session.offsetAt,
  });
}
