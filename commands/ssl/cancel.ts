import type { CancelPlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { counted } from '../cli/list-cut.js';
import { runPlanned } from '../cli/run-planned.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { WAITING_REMINT } from './given.js';
import { operationJson } from './operation-json.js';
import { OPERATION_OPTION } from './operation-option.js';
import { operationOutcome } from './operation-outcome.js';
import { withdraw } from './withdraw.js';

/** `zmint ssl cancel`, also `ca cancel`: give up an operation that has not been activated. */
export const sslCancel = defineCommand({
  name: 'ssl cancel',
  summary: 'cancel the running operation',
  description:
    'Gives up a remint that has not been activated: links, trust bundles and remint-repos are what they were before, and what was minted is never used. Possible until ten minutes before the activation; after it the way back is "zmint ssl rollback".\nA CA that waits for its certificate from a CA above it is given up where no operation runs: its key is removed.',
  arguments: {},
  options: { operation: OPERATION_OPTION },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'too-late',
    'policy',
    'not-found',
    'unsafe-path',
    'damaged',
    'reload-failed',
    'storage',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ssl cancel --yes',
      shows: 'everything as it was before',
      given: WAITING_REMINT,
    },
  ],
  async run(session, input) {
    const { planCancel, executeCancel } = await import('../../src/index.js');
    const withdrawn = input.operation === undefined ? await withdraw(session) : undefined;
    if (withdrawn !== undefined) return withdrawn;
    const decision = await runPlanned<CancelPlan>(session, {
      command: 'ssl cancel',
      plan: (ctx, now) => planCancel(ctx, { members: [], operation: input.operation }, now),
      show: (plan) => ({
        plan: renderCancelPlan(plan, session.terminal.width),
        question: `Cancel ${plan.operation.id}?`,
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
    return operationOutcome(session, await executeCancel(decision.ctx, decision.plan));
  },
});

function renderCancelPlan(plan: CancelPlan, width: number): string {
  const { operation, servers } = plan;
  const fields = wrapFields(
    [
      ['Operation', `${operation.id} "${operation.updateName}", ${operation.phase}`],
      [
        'Effect',
        `${counted(servers, 'server')} and the trust of the zone go back to what they were; the new certificates are never used`,
      ],
      ['Backup', plan.backup ?? ''],
    ],
    width,
  );
  return `Plan: cancel ${operation.id}\n\n${fields}`;
}

function planJson(plan: CancelPlan): Readonly<Record<string, unknown>> {
  return { operation: operationJson(plan.operation), servers: plan.servers, backup: plan.backup };
}
