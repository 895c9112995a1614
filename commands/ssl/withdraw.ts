import type { WithdrawPlan } from '../../src/index.js';
import { authorityRequestJson } from '../ca/authority-request-json.js';
import type { Outcome } from '../cli/command.js';
import { escapeText } from '../cli/escape-text.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { runPlanned } from '../cli/run-planned.js';
import type { Session } from '../cli/session.js';

/** Gives up a CA that waits for its certificate. Undefined: none does, or an operation comes first. */
export async function withdraw(session: Session): Promise<Outcome | undefined> {
  const { executeWithdraw, planWithdraw } = await import('../../src/index.js');
  const decision = await runPlanned<WithdrawPlan>(session, {
    command: 'ssl cancel',
    plan: planWithdraw,
    show: ({ request }) => ({
      plan: `Plan: give up ${escapeText(request.subject)}, which waits for its certificate; its key is removed\n`,
      question: `Give up ${request.subject}?`,
    }),
  });
  if (decision.answer === 'nothing') return undefined;
  const json = ({ request }: WithdrawPlan) => ({ authority: authorityRequestJson(request) });
  if (decision.answer === 'dry-run') return dryRunOutcome(decision, json);
  await executeWithdraw(decision.ctx, decision.plan);
  return {
    json: { dryRun: false, ...json(decision.plan) },
    text: `${escapeText(decision.plan.request.subject)} was given up.`,
  };
}
