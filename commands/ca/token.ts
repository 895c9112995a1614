import { ZmintError } from '../../src/errors.js';
import type { ModulePlan } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { dryRunOutcome } from '../cli/dry-run-outcome.js';
import { text } from '../cli/parsers.js';
import { runPlanned } from '../cli/run-planned.js';
import { SMALL_ZONE } from '../ssl/given.js';
import {
  modulePlanJson,
  moduleQuestion,
  moduleReportJson,
  renderModulePlan,
  renderModuleReport,
} from './token-view.js';

const NOTHING = 'No key of the CA is to be reached by another module. There is nothing to do.';

/** `zmint ca token`: where the module is by which the keys in tokens are reached. */
export const caToken = defineCommand({
  name: 'ca token',
  summary: 'reach the CA key in a token by another module',
  description:
    'For a CA whose key lies in a PKCS#11 token: records that the module, which is the library of the token, is at another path now, as after an update of the operating system. The module is loaded, the token and the same key are found by it, and the key signs a test that verifies; only then is the path recorded, for all keys at once. The PIN is asked for as for every signature.\nThe key of an earlier generation that this module does not show stays as it was, and is told. Where the key lies in a file there is nothing to do.',
  arguments: {},
  options: {
    modulePath: {
      kind: 'value',
      flag: '--module-path',
      value: 'FILE',
      summary: 'the PKCS#11 module as it is found now',
      parse: text,
    },
  },
  changes: true,
  statuses: [
    'question-unanswered',
    'no-zone',
    'busy',
    'wrong-passphrase',
    'operation-pending',
    'plan-outdated',
    'not-found',
    'unsafe-path',
    'damaged',
    'storage',
    'token-unavailable',
  ],
  examples: [
    {
      line: 'zmint ca token --module-path /usr/lib/softhsm/libsofthsm2.so --pin-file pin --yes',
      shows: 'the module was moved by an update; where the key lies in a file nothing happens',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { executeModuleChange, planModuleChange } = await import('../../src/index.js');
    if (input.modulePath === undefined) {
      throw new ZmintError('usage', 'where is the module now? --module-path is missing', {
        hint: 'zmint ca show tells where it was',
      });
    }
    const modulePath = session.absolute(input.modulePath);
    const decision = await runPlanned<ModulePlan>(session, {
      command: 'ca token',
      plan: (ctx, now) => planModuleChange(ctx, modulePath, now),
      show: (plan) => ({
        plan: renderModulePlan(plan, session.terminal.width),
        question: moduleQuestion(plan),
      }),
    });
    if (decision.answer === 'nothing') {
      return { json: { dryRun: session.dryRun, plan: null }, text: NOTHING };
    }
    if (decision.answer !== 'go') return dryRunOutcome(decision, modulePlanJson);
    const report = await executeModuleChange(decision.ctx, decision.plan);
    return {
      json: {
        dryRun: false,
        plan: modulePlanJson(decision.plan),
        ...moduleReportJson(report),
      },
      text: renderModuleReport(report),
      diagnostics: ['next: zmint doctor'],
    };
  },
});
