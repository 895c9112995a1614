import { ZmintError } from '../../src/errors.js';
import type {
  FormatContext,
  ImportFile,
  ImportPlan,
  ImportRequest,
  Instant,
  ReadContext,
} from '../../src/index.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import type { Outcome } from '../cli/command.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import {
  importPlanJson,
  importQuestion,
  importRowsJson,
  renderImportPlan,
  renderImportRows,
} from './import-view.js';
import { operationOutcome } from './operation-outcome.js';

/** Plans, shows, asks and imports; what `ssl import` and `sacert` have in common. */
export async function importFiles(
  session: Session,
  command: string,
  request: ImportRequest,
): Promise<Outcome> {
  const formats = await session.formats();
  const { executeImport } = await import('../../src/index.js');
  let rows: ImportPlan['rows'] = [];
  const decision = await runPlanned(session, {
    command,
    plan: async (ctx, now) => {
      const plan = await planOf(session, { ctx, formats, request, now });
      rows = plan.rows;
      return plan.sets.length === 0 ? undefined : plan;
    },
    show: (plan) => ({
      plan: renderImportPlan(plan, { ...session, width: session.terminal.width }),
      question: importQuestion(plan),
    }),
  });
  if (decision.answer === 'nothing') return nothingToDo(session, rows);
  if (decision.answer === 'dry-run') return dryRunOutcome(decision, importPlanJson);
  const plan = importPlanJson(decision.plan);
  return operationOutcome(session, await executeImport(decision.ctx, decision.plan), { plan });
}

/** The files that were named, as they are handed to an import; `server` is for all of them. */
export async function namedFiles(
  session: Session,
  names: readonly string[],
  given: { readonly server: string | undefined; readonly passphrases: readonly Uint8Array[] },
): Promise<readonly ImportFile[]> {
  const files: ImportFile[] = [];
  for (const name of names) {
    files.push({
      name,
      bytes: await session.readFile(name),
      server: given.server ?? null,
      passphrases: given.passphrases,
    });
  }
  return files;
}

interface Planning {
  readonly ctx: ReadContext;
  readonly formats: FormatContext;
  readonly request: ImportRequest;
  readonly now: Instant;
}

async function planOf(
  session: Session,
  { ctx, formats, request, now }: Planning,
): Promise<ImportPlan> {
  const { planImport } = await import('../../src/index.js');
  const plan = await planImport(ctx, formats, request, now);
  await refuseImport(session, plan);
  return plan;
}

/** A plan with a refusal is shown as a table before the error that it throws tells the first. */
export async function refuseImport(session: Session, plan: ImportPlan): Promise<void> {
  const { importRefusal } = await import('../../src/index.js');
  const refusal = importRefusal(plan);
  if (refusal === undefined) return;
  const { terminal } = session;
  if (!session.json)
    terminal.note(`${renderImportRows(plan.rows, terminal.width)}\nNothing was changed.\n`);
  throw new ZmintError(refusal.code, refusal.message, {
    ...(refusal.hint === undefined ? {} : { hint: refusal.hint }),
    details: { rows: importRowsJson(plan.rows) },
  });
}

function nothingToDo(session: Session, rows: ImportPlan['rows']): Outcome {
  return {
    json: { dryRun: session.dryRun, plan: null, rows: importRowsJson(rows) },
    text: `${renderImportRows(rows, session.terminal.width)}\nThere is nothing to do.`,
  };
}
