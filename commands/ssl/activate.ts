import type { ActivationPlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { activationQuestion, renderActivationPlan } from './activate-view.js';
import { SMALL_ZONE, WAITING_REMINT } from './given.js';
import { operationJson } from './operation-json.js';
import { OPERATION_OPTION } from './operation-option.js';
import { operationsOutcome } from './operation-outcome.js';
import { idsOf } from './servers-line.js';

/** `zmint ssl activate`: switch servers to what was minted for them. */
export const sslActivate = defineCommand({
  name: 'ssl activate',
  summary: 'switch servers to their future certificates',
  description:
    'Switches servers to the certificates that wait for them, the CA server first, then Primary Servers, satellites and the rest: one rename for each, its reload command, and a look from outside by a TLS handshake. A server that does not show its new certificate is switched back and reported; the others go on.\nIt is what a person calls when the instant has come, after a rollback, or to try again what failed. With --now it does not wait for the instant. It needs no CA key.',
  arguments: {
    servers: {
      kind: 'rest',
      value: 'SERVER',
      summary: 'only these servers; all that wait when none is named',
      parse: text,
    },
  },
  options: {
    now: { kind: 'flag', flag: '--now', summary: 'before the instant that was planned' },
    operation: OPERATION_OPTION,
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'gate-not-satisfied',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'unsafe-path',
    'damaged',
    'unreachable',
    'served-differs',
    'reload-failed',
    'storage',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ssl activate --now --yes',
      shows: 'everything that waits, at once',
      given: WAITING_REMINT,
    },
    {
      line: 'zmint ssl activate web1 --now --yes',
      shows: 'one server first',
      given: [...SMALL_ZONE, 'zmint ssl remint --all --activate-at 14d --yes'],
    },
  ],
  async run(session, input) {
    const { planActivation, executeActivation } = await import('../../src/index.js');
    const request = {
      members: input.servers,
      operation: input.operation,
      atOnce: input.now,
    };
    const decision = await runPlanned<ActivationPlan>(session, {
      command: 'ssl activate',
      plan: (ctx, now) => planActivation(ctx, request, now),
      show: (plan) => ({
        plan: renderActivationPlan(plan, {
          width: session.terminal.width,
          verbose: session.options.verbose,
        }),
        question: activationQuestion(plan),
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
    const reports = await executeActivation(decision.ctx, decision.plan);
    return operationsOutcome(session, reports, idsOf(decision.plan.servers));
  },
});

function planJson(plan: ActivationPlan): Readonly<Record<string, unknown>> {
  return {
    operations: plan.operations.map(operationJson),
    servers: plan.servers.shown.map((server) => server.name),
    total: plan.servers.total,
    now: plan.request.atOnce,
  };
}
