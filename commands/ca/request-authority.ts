import type { AuthorityRequestPlan, AuthorityWanted } from '../../src/index.js';
import { renderWhen } from '../../src/index.js';
import type { JsonDocument, Outcome } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { labelledLines } from '../cli/labelled-lines.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { authorityRequestJson } from './authority-request-json.js';
import { AUTHORITY_CSR, requireCsrPlace, writeAuthorityCsr } from './write-authority-csr.js';

/** Requests the certificate of the next CA from a CA above it: plans, asks, makes, hands it out. */
export async function requestAuthority(
  session: Session,
  command: string,
  wanted: AuthorityWanted,
  out: string | undefined,
): Promise<Outcome> {
  await requireCsrPlace(session, out);
  const { executeAuthorityRequest, planAuthorityRequest } = await import('../../src/index.js');
  const decision = await runPlanned(session, {
    command,
    plan: (ctx, now) => planAuthorityRequest(ctx, wanted, now),
    show: (plan) => ({
      plan: renderPlan(plan, session, out),
      question: `Request the certificate of ${plan.subject.text}?`,
    }),
  });
  if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
  const request = await executeAuthorityRequest(decision.ctx, decision.plan);
  const file = await writeAuthorityCsr(session, request, out);
  return {
    json: () => ({
      dryRun: false,
      plan: planJson(decision.plan),
      authority: { ...authorityRequestJson(request), file },
    }),
    text: () =>
      labelledLines(
        [
          ['Next CA', [`${request.subject}, waits for its certificate`]],
          ['Request', [file]],
        ],
        session.terminal,
      ),
    diagnostics: [
      `next: have ${file} signed as the certificate of a CA, then zmint ssl import FILE...`,
      'next: zmint ca backup FILE keeps its key: the import wants such a backup',
      'next: zmint ssl cancel gives it up',
    ],
  };
}

function renderPlan(plan: AuthorityRequestPlan, session: Session, out: string | undefined): string {
  const fields = wrapFields(
    [
      ['Next CA', `${plan.subject.text}, to be signed by a CA above it`],
      ['Generation', String(plan.generation)],
      ['Key', `${plan.keySpec}, made by ${plan.holder.name}`],
      ['Request', session.absolute(out ?? AUTHORITY_CSR)],
      ['Until then', 'the CA of today goes on; zmint ssl import FILE takes the certificate'],
      ['Activation', `after that, ${activationText(plan, session)}`],
      ['Backup', backupText(plan)],
    ],
    session.terminal.width,
  );
  return `Plan: request the certificate of the next CA\n\n${fields}`;
}

/** The key that is made now can be in no backup yet. */
function backupText({ backup }: AuthorityRequestPlan): string {
  const wanted = 'zmint ssl import wants one that holds the next key too';
  return backup === null ? wanted : `${backup}; ${wanted}`;
}

function activationText({ wish }: AuthorityRequestPlan, { offsetAt }: Session): string {
  const { activateAt } = wish;
  if (activateAt.when === 'ready') return 'as soon as every member trusts the root above it';
  return activateAt.when === 'now' ? 'at once' : renderWhen(activateAt, offsetAt);
}

function planJson(plan: AuthorityRequestPlan): JsonDocument {
  const { generation, subject, keySpec, holder, custody, wish, backup } = plan;
  return { generation, subject: subject.text, keySpec, server: holder.name, custody, wish, backup };
}
