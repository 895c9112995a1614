import type { RemovePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { refuseKind } from '../server/refuse-kind.js';
import { removedJson, removePlanJson, renderRemovePlan } from '../server/remove-view.js';

/** `zmint device remove`: a device leaves the zone. */
export const deviceRemove = defineCommand({
  name: 'device remove',
  summary: 'remove a device from the zone',
  description:
    'Takes a device out of the zone: no operation waits for it any more, and no new trust is brought to it. Its files stay where they are.',
  arguments: {
    device: { kind: 'required', value: 'DEVICE', summary: 'the device', parse: text },
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
    'storage',
  ],
  examples: [
    {
      line: 'zmint device remove phone1 --yes',
      shows: 'a device that was lost',
      given: [
        'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
        'zmint device add phone1 --kind mobile --yes',
      ],
    },
  ],
  async run(session, input) {
    const { planRemove, executeRemove } = await import('../../src/index.js');
    const decision = await runPlanned<RemovePlan>(session, {
      command: 'device remove',
      plan: async (ctx, now) => {
        const plan = await planRemove(ctx, input.device, now);
        refuseKind(plan.member, 'device');
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
