import type { RollbackPlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { counted } from '../cli/list-cut.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { ACTIVE_REMINT } from './given.js';
import { operationJson } from './operation-json.js';
import { OPERATION_OPTION } from './operation-option.js';
import { operationsOutcome } from './operation-outcome.js';
import { idsOf, serversLine } from './servers-line.js';

/** `zmint ssl rollback`: servers go back to what they served before the activation. */
export const sslRollback = defineCommand({
  name: 'ssl rollback',
  summary: 'switch servers back to their certificates from before',
  description:
    'Switches servers back to the certificates from before the activation, reloads them and looks again. They stay there until "zmint ssl activate" is called by a person; "zmint ssl cancel" then gives the remint up. Refused when the old certificates have expired, and after "zmint ssl retire".',
  arguments: {
    servers: {
      kind: 'rest',
      value: 'SERVER',
      summary: 'only these servers; all of the newest operation when none is named',
      parse: text,
    },
  },
  options: { operation: OPERATION_OPTION },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'not-valid-then',
    'policy',
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
      line: 'zmint ssl rollback --yes',
      shows: 'every server serves what it served before',
      given: ACTIVE_REMINT,
    },
    { line: 'zmint ssl rollback web1 --yes', shows: 'one server', given: ACTIVE_REMINT },
  ],
  async run(session, input) {
    const { planRollback, executeRollback } = await import('../../src/index.js');
    const named = { members: input.servers, operation: input.operation };
    const decision = await runPlanned<RollbackPlan>(session, {
      command: 'ssl rollback',
      plan: (ctx, now) => planRollback(ctx, named, now),
      show: (plan) => ({
        plan: renderRollbackPlan(plan, session.terminal.width, session.options.verbose),
        question: `Switch ${counted(plan.servers.total, 'server')} back?`,
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
    const report = await executeRollback(decision.ctx, decision.plan);
    return operationsOutcome(session, [report], idsOf(decision.plan.servers));
  },
});

function renderRollbackPlan(plan: RollbackPlan, width: number, verbose: boolean): string {
  const { operation, servers } = plan;
  const fields = wrapFields(
    [
      ['Operation', `${operation.id} "${operation.updateName}"`],
      ['Servers', serversLine(servers, verbose)],
      [
        'Effect',
        'they serve their certificates from before and stay there until a person activates again',
      ],
      ['Backup', plan.backup ?? ''],
    ],
    width,
  );
  return `Plan: roll ${counted(servers.total, 'server')} back\n\n${fields}`;
}

function planJson(plan: RollbackPlan): Readonly<Record<string, unknown>> {
  return {
    operation: operationJson(plan.operation),
    servers: plan.servers.shown.map((server) => server.name),
    total: plan.servers.total,
    backup: plan.backup,
  };
}
