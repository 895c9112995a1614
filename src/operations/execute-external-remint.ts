import type { OperationContext } from '../ports/context.js';
import { executeImport } from './execute-import.js';
import { generateRequests, type RequestsReport } from './generate-requests.js';
import type { ExternalRemintPlan } from './plan-external-remint.js';
import type { OperationReport } from './report-operation.js';

/** What a step of a remint under an external CA came to. */
export interface ExternalRemintReport {
  /** Of the import; null when nothing had come back. */
  readonly operation: OperationReport | null;
  readonly requests: RequestsReport;
}

/**
 * Carries the step out: first the import, then the requests. Each is complete by itself, so that the
 * same command goes on after a crash. Throws what `executeImport` and `generateRequests` throw.
 */
export async function executeExternalRemint(
  ctx: OperationContext,
  plan: ExternalRemintPlan,
): Promise<ExternalRemintReport> {
  const { imported, requests } = plan;
  const isImport = imported !== null && imported.sets.length > 0;
  const operation = isImport ? await executeImport(ctx, imported) : null;
  if (requests === null) return { operation, requests: { made: [], failed: [] } };
  // The import has moved the zone on, under the same lock.
  const basis = isImport ? await newestEvent(ctx) : requests.basis;
  return { operation, requests: await generateRequests(ctx, { ...requests, basis }) };
}

async function newestEvent(ctx: OperationContext): Promise<number> {
  return (await ctx.store.lastEvents(1)).at(-1)?.sequence ?? 0;
}
