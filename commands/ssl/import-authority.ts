import type { AuthorityImportRequest } from '../../src/index.js';
import type { Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { escapeText } from '../cli/escape-text.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import {
  authorityImportJson,
  authorityImportQuestion,
  renderAuthorityImport,
} from './import-authority-view.js';
import { operationOutcome } from './operation-outcome.js';

/**
 * Imports the certificate that the zone's CA waits for: plans, shows, asks, takes. Undefined: the
 * files bring none.
 */
export async function importAuthority(
  session: Session,
  command: string,
  request: AuthorityImportRequest,
): Promise<Outcome | undefined> {
  const formats = await session.formats();
  const { executeAuthorityImport, planAuthorityImport } = await import('../../src/index.js');
  const decision = await runPlanned(session, {
    command,
    plan: (ctx, now) => planAuthorityImport(ctx, formats, request, now),
    show: (plan) => {
      for (const note of plan.notes) session.warn(note);
      const { width } = session.terminal;
      const { verbose } = session.options;
      const look = { width, verbose, offsetAt: session.offsetAt };
      return { plan: renderAuthorityImport(plan, look), question: authorityImportQuestion(plan) };
    },
  });
  if (decision.answer === 'nothing') return undefined;
  if (decision.answer === 'dry-run') return dryRunOutcome(decision, authorityImportJson);
  const plan = authorityImportJson(decision.plan);
  const report = await executeAuthorityImport(decision.ctx, decision.plan);
  if (report !== null) return operationOutcome(session, report, { plan });
  const { subject } = decision.plan.certificate;
  return {
    json: { dryRun: false, plan, operation: null },
    text: `${escapeText(subject.text)} is the CA of the zone.`,
    diagnostics: ['next: zmint server add NAME --dns FQDN'],
  };
}
