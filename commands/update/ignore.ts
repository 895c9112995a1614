import { ZmintError } from '../../src/errors.js';
import type { WaivePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { counted } from '../cli/list-cut.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { WAITING_REMINT } from '../ssl/given.js';
import { serversLine } from '../ssl/servers-line.js';

/** `zmint update ignore`: go on without some members. */
export const updateIgnore = defineCommand({
  name: 'update ignore',
  summary: 'go on without members that have not proved the new trust',
  description:
    'Waives members by name: no gate and no activation of the running operations waits for them any more. They keep what they have; what they miss they must catch up with later, by the rescue kit for instance.',
  arguments: {
    members: { kind: 'rest', value: 'MEMBER', summary: 'servers or devices', parse: text },
  },
  options: {},
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'unknown-member',
    'ambiguous-member',
    'not-found',
    'damaged',
    'storage',
  ],
  examples: [
    {
      line: 'zmint update ignore phone1 --yes',
      shows: 'a device that is switched off for good',
      given: [
        'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
        'zmint device add phone1 --kind mobile --yes',
        'zmint ssl remint --ca --no-backup-check --yes',
      ],
    },
    {
      line: 'zmint update ignore web1 --dry-run',
      shows: 'what going on without a server would mean',
      given: WAITING_REMINT,
    },
  ],
  async run(session, input) {
    if (input.members.length === 0) {
      throw new ZmintError('usage', 'which members are to be ignored?', {
        hint: 'zmint update readiness lists those that are missing',
      });
    }
    const { planWaive, executeWaive } = await import('../../src/index.js');
    const decision = await runPlanned<WaivePlan>(session, {
      command: 'update ignore',
      plan: (ctx, now) => planWaive(ctx, input.members, now),
      show: (plan) => ({
        plan: renderWaivePlan(plan, session.terminal.width, session.options.verbose),
        question: `Go on without ${counted(plan.members.length, 'member')}?`,
      }),
    });
    const paths = (plan: WaivePlan): readonly string[] => plan.members.map(({ path }) => path);
    if (decision.answer !== 'go') {
      return dryRunOutcome(decision, (plan) => ({ members: paths(plan) }));
    }
    await executeWaive(decision.ctx, decision.plan);
    const { plan } = decision;
    return {
      json: { dryRun: false, members: paths(plan) },
      text: paths(plan)
        .map((path) => `${path}: Ignored`)
        .join('\n'),
      diagnostics: ['next: zmint update readiness, zmint ssl resume'],
    };
  },
});

function renderWaivePlan(plan: WaivePlan, width: number, verbose: boolean): string {
  const operations = [...new Set(plan.parts.map((part) => part.operationId))].join(', ');
  const fields = wrapFields(
    [
      ['Members', serversLine({ total: plan.members.length, shown: plan.members }, verbose)],
      ['Operation', `${operations} waits for them no more`],
      [
        'Effect',
        'without the new trust they lose contact once the old root is retired, or at once when there is no cross-certificate',
      ],
    ],
    width,
  );
  return `Plan: go on without ${counted(plan.members.length, 'member')}\n\n${fields}`;
}
