import type { AddPlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { oneOf, text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { addPlanJson, addReportJson } from '../server/add-json.js';
import {
  addQuestion,
  renderAdded,
  renderAddPlan,
  type AddViewOptions,
} from '../server/add-view.js';
import { MEMBER_OPTIONS } from '../server/member-options.js';

type DeviceKind = 'workstation' | 'mobile';

/** `zmint device add`: a managed machine that only trusts. */
export const deviceAdd = defineCommand({
  name: 'device add',
  summary: 'add a device, which only trusts',
  description:
    'Adds a workstation or mobile device to the zone. It gets no certificate, but a remint of the CA brings it the new trust: into its home when zmint reaches one, otherwise by the rescue kit, and the gate waits for it.',
  arguments: {
    name: { kind: 'required', value: 'NAME', summary: 'its name, as in a host name', parse: text },
  },
  options: {
    kind: {
      kind: 'value',
      flag: '--kind',
      value: 'KIND',
      summary: 'workstation (as when nothing is said) or mobile',
      parse: oneOf<DeviceKind>(['workstation', 'mobile']),
    },
    dns: { kind: 'value', flag: '--dns', value: 'FQDN', summary: 'its DNS name', parse: text },
    ip: MEMBER_OPTIONS.ip,
    path: MEMBER_OPTIONS.path,
    home: {
      ...MEMBER_OPTIONS.home,
      summary: 'a folder that zmint can write to, for its trust bundle',
    },
    reload: MEMBER_OPTIONS.reload,
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'plan-outdated',
    'unsafe-path',
    'damaged',
    'policy',
    'member-exists',
    'storage',
  ],
  examples: [
    {
      line: 'zmint device add phone1 --kind mobile --yes',
      shows: 'a device that zmint reaches by no folder',
      given: ['zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes'],
    },
  ],
  async run(session, input) {
    const { planAdd, executeAdd } = await import('../../src/index.js');
    const member = {
      name: input.name,
      kind: input.kind ?? 'workstation',
      path: input.path,
      dnsName: input.dns,
      ipAddresses: input.ip,
      home: input.home === undefined ? undefined : session.absolute(input.home),
      reload: input.reload,
    };
    const options: AddViewOptions = {
      surface: session.terminal,
      verbose: session.options.verbose,
      offsetAt: session.offsetAt,
      zoneHome: session.zoneHome,
    };
    const decision = await runPlanned<AddPlan>(session, {
      command: 'device add',
      plan: (ctx, now) => planAdd(ctx, { members: [member], mint: false }, now),
      show: (plan) => ({
        plan: renderAddPlan(plan, 'device', options),
        question: addQuestion(plan, 'device'),
      }),
    });
    if (decision.answer !== 'go') {
      return dryRunOutcome(decision, (plan) => addPlanJson(plan, session.zoneHome));
    }
    const report = await executeAdd(decision.ctx, decision.plan);
    return {
      json: () => addReportJson(report),
      text: () => renderAdded(report, options),
      diagnostics: ['next: zmint ca export --out FILE gives the root that it must trust'],
    };
  },
});
