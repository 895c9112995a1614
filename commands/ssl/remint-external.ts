import { renderInstant, type ExternalRemintPlan, type RemintRequest } from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { exitStatus } from '../cli/exit-status.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { wrapPoints } from '../cli/wrap-fields.js';
import { csrPlanJson, renderCsrPlan, renderRequests, requestsJson } from './csr-view.js';
import { refuseImport } from './import-files.js';
import { importPlanJson, renderImportPlan } from './import-view.js';
import { nextSteps } from './next-steps.js';
import { operationReportJson } from './operation-json.js';
import { operationText } from './operation-outcome.js';
import { operationStatus } from './operation-status.js';

type Out = ExternalRemintPlan['out'];

/** `zmint ssl remint` where the CA is external: one command that goes on where the servers are. */
export async function remintExternal(session: Session, request: RemintRequest): Promise<Outcome> {
  const formats = await session.formats();
  const { executeExternalRemint, planExternalRemint } = await import('../../src/index.js');
  let out: Out = [];
  const decision = await runPlanned(session, {
    command: 'ssl remint',
    plan: async (ctx, now) => {
      const plan = await planExternalRemint(ctx, formats, request, now);
      if (plan?.imported !== undefined && plan.imported !== null)
        await refuseImport(session, plan.imported);
      out = plan?.out ?? [];
      return plan === undefined || isIdle(plan) ? undefined : plan;
    },
    show: (plan) => ({ plan: renderPlan(session, plan), question: 'Go on with these servers?' }),
  });
  if (decision.answer === 'nothing') return nothingToDo(session, out);
  if (decision.answer === 'dry-run') return dryRunOutcome(decision, planJson);
  const { operation, requests } = await executeExternalRemint(decision.ctx, decision.plan);
  const surface = { surface: session.terminal, verbose: session.options.verbose };
  const { made, failed } = requests;
  return {
    json: () => ({
      ...requestsJson(made, failed, []),
      ...(operation === null ? { operation: null } : operationReportJson(operation)),
      out: outJson(out),
    }),
    text: () =>
      [
        operation === null ? '' : operationText(session, operation),
        renderRequests(made, failed, surface),
        outText(session, out),
      ].join(''),
    status: statusOf(operation === null ? 0 : operationStatus([operation]), failed.length),
    diagnostics: [
      ...(operation === null ? [] : nextSteps(operation, session.zoneHome)),
      ...(made.length + out.length === 0 ? [] : [NEXT]),
    ],
  };
}

const NEXT =
  'next: have the requests signed, then zmint ssl import FILE..., or place each as server.cer into its remint-repo and type this again';

function isIdle({ imported, requests }: ExternalRemintPlan): boolean {
  return (imported?.sets.length ?? 0) === 0 && requests === null;
}

function statusOf(operation: number, failed: number): number {
  return failed > 0 ? exitStatus('partial') : operation;
}

function renderPlan(session: Session, plan: ExternalRemintPlan): string {
  const { width } = session.terminal;
  const { imported, requests } = plan;
  const blocks = [
    imported === null || imported.sets.length === 0
      ? ''
      : renderImportPlan(imported, { ...session, width }),
    requests === null ? '' : renderCsrPlan(requests, width, session.options.verbose),
    outText(session, plan.out),
  ];
  return blocks.filter((block) => block !== '').join('\n');
}

function outText(session: Session, out: Out): string {
  return wrapPoints(
    out.map(
      ({ member, home, request }) =>
        `${member.name}: request ${request.number} is out since ${renderInstant(request.createdAt)}: ${home}/remint-repo/server.csr`,
    ),
    session.terminal.width,
  );
}

function outJson(out: Out): JsonDocument['requests'] {
  return requestsJson(out, [], []).requests;
}

function planJson({ basis, at, imported, requests, out }: ExternalRemintPlan): JsonDocument {
  return {
    basis,
    at: renderInstant(at),
    import: imported === null ? null : importPlanJson(imported),
    requests: requests === null ? null : csrPlanJson(requests),
    out: outJson(out),
  };
}

function nothingToDo(session: Session, out: Out): Outcome {
  return {
    json: { dryRun: session.dryRun, plan: null, out: outJson(out) },
    text: out.length === 0 ? 'Nothing is due.' : outText(session, out).trimEnd(),
    diagnostics: out.length === 0 ? [] : [NEXT],
  };
}
