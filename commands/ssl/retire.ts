import type { RetirePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { counted } from '../cli/list-cut.js';
import { runPlanned } from '../cli/run-planned.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { ACTIVE_REMINT } from './given.js';
import { operationJson } from './operation-json.js';
import { operationOutcome } from './operation-outcome.js';

/** `zmint ssl retire`: the old root leaves the trust of the zone. */
export const sslRetire = defineCommand({
  name: 'ssl retire',
  summary: 'take the old root out of the trust of the zone',
  description:
    'Ends a remint of the CA: the old root leaves every trust bundle, servers send its cross-certificate no more. There is no way back after it. Refused while members have not proved that they trust the new root; "zmint update ignore" waives one by name. In a zone that makes revocation lists the old CA signs its last one, for which the passphrase of the CA is needed; where nobody can give it, zmint ca crl makes that list later.',
  arguments: {},
  options: {},
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'gate-not-satisfied',
    'not-found',
    'unsafe-path',
    'damaged',
    'storage',
    'partial',
  ],
  examples: [
    {
      line: 'zmint ssl retire --yes',
      shows: 'the end of a remint of the CA',
      given: ACTIVE_REMINT,
    },
  ],
  async run(session) {
    const { planRetire, executeRetire } = await import('../../src/index.js');
    const decision = await runPlanned<RetirePlan>(session, {
      command: 'ssl retire',
      plan: (ctx, now) => planRetire(ctx, now),
      show: (plan) => ({
        plan: renderRetirePlan(plan, session.terminal.width),
        question: 'Take the old root out of the zone for good?',
      }),
    });
    if (decision.answer !== 'go') return dryRunOutcome(decision, planJson);
    const facts = { root: decision.plan.root };
    return operationOutcome(session, await executeRetire(decision.ctx, decision.plan), facts);
  },
});

function renderRetirePlan(plan: RetirePlan, width: number): string {
  const fields = wrapFields(
    [
      ...leavingFields(plan),
      ['Backup', plan.backup ?? ''],
      ['Way back', 'none: zmint ssl rollback does not reach behind this'],
    ],
    width,
  );
  return `Plan: retire the old CA of ${plan.operation.id}\n\n${fields}`;
}

function leavingFields(plan: RetirePlan): readonly (readonly [string, string])[] {
  if (plan.rootStays)
    return [
      ['CA that leaves', plan.root],
      ['Trust', 'stays as it is: the root above it is that of the new CA too'],
    ];
  return [
    ['Root that leaves', plan.root],
    ['Members', `${counted(plan.members, 'member')} trust only the new root afterwards`],
    ['Clients outside', 'those that know only the old root lose contact'],
  ];
}

function planJson(plan: RetirePlan): Readonly<Record<string, unknown>> {
  return {
    operation: operationJson(plan.operation),
    root: plan.root,
    rootStays: plan.rootStays,
    members: plan.members,
    backup: plan.backup,
  };
}
