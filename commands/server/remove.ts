import type { RemovePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { refuseKind } from './refuse-kind.js';
import { removedJson, removePlanJson, renderRemovePlan } from './remove-view.js';

/** `zmint server remove`: a server leaves the zone. */
export const serverRemove = defineCommand({
  name: 'server remove',
  summary: 'remove a server from the zone',
  description:
    'Takes a server out of the zone. Its certificates count as retired, its files stay where they are. The server with the CA role cannot be removed, nor one that a running operation waits for.',
  arguments: {
    server: { kind: 'required', value: 'SERVER', summary: 'the server', parse: text },
  },
  options: {},
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'operation-pending',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'damaged',
    'policy',
    'storage',
  ],
  examples: [
    { line: 'zmint server remove web1 --yes', shows: 'a server that is gone', given: SMALL_ZONE },
  ],
  async run(session, input) {
    const { planRemove, executeRemove } = await import('../../src/index.js');
    const decision = await runPlanned<RemovePlan>(session, {
      command: 'server remove',
      plan: async (ctx, now) => {
        const plan = await planRemove(ctx, input.server, now);
        refuseKind(plan.member, 'server');
        return plan;
      },
      show: (plan) => ({
        plan: renderRemovePlan(plan, session.terminal.width),
        question: `Remove ${plan.member.name}?`,
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, removePlanJson);
    await executeRemove(decision.ctx, decision.plan);
    return {
      json: { dryRun: false, removed: removedJson(decision.plan) },
      text: `Removed ${decision.plan.member.path}.`,
    };
  },
});
