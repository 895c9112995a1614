import type { AdministratorPlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { renderAdministratorPlan } from './administrator-view.js';
import { administratorJson } from './change-administrator.js';
import { WITH_ANNA } from './given.js';
import { CHANGE_STATUSES } from './statuses.js';

/** `zmint admin remove`: somebody may sign in no more. */
export const adminRemove = defineCommand({
  name: 'admin remove',
  summary: 'remove an administrator',
  description:
    'Takes an administrator away. What was done under the name stays in the audit log. The last one with the privilege admin cannot be removed while there are operators; the very last administrator can.',
  arguments: {
    name: { kind: 'required', value: 'NAME', summary: 'the administrator', parse: text },
  },
  options: {},
  changes: true,
  statuses: CHANGE_STATUSES,
  examples: [
    {
      line: 'zmint admin remove anna --yes',
      shows: 'anna may sign in no more',
      output: 'anna may sign in no more.',
      given: WITH_ANNA,
    },
  ],
  async run(session, input) {
    const { executeRemoveAdministrator, planRemoveAdministrator } =
      await import('../../src/index.js');
    const decision = await runPlanned<AdministratorPlan>(session, {
      command: 'admin remove',
      plan: (ctx, now) => planRemoveAdministrator(ctx, input.name, now),
      show: (plan) => ({
        plan: renderAdministratorPlan('remove the administrator', plan, {
          width: session.terminal.width,
          effect: 'may sign in no more; the audit log keeps the name',
        }),
        question: `Remove ${plan.name}?`,
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, administratorJson);
    await executeRemoveAdministrator(decision.ctx, decision.plan);
    return {
      json: { dryRun: false, administrator: administratorJson(decision.plan) },
      text: `${decision.plan.name} may sign in no more.`,
    };
  },
});
