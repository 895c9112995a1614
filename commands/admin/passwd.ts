import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { renderAdministratorPlan } from './administrator-view.js';
import { changeWithPassword } from './change-administrator.js';
import { WITH_ANNA } from './given.js';
import { PASSWORD_OPTIONS } from './password-options.js';
import { PASSWORD_STATUSES } from './statuses.js';

/** `zmint admin passwd`: a new password for an administrator. */
export const adminPasswd = defineCommand({
  name: 'admin passwd',
  summary: 'change the password of an administrator',
  description:
    'Gives an administrator a new password, of at least 10 characters. The old one is not asked for: whoever may change the zone at the console may do this. It is asked for twice, or comes from a file or a descriptor, never from an argument.',
  arguments: {
    name: { kind: 'required', value: 'NAME', summary: 'the administrator', parse: text },
  },
  options: PASSWORD_OPTIONS,
  changes: true,
  statuses: PASSWORD_STATUSES,
  examples: [
    {
      line: 'zmint admin passwd anna --password-file out.txt --yes',
      shows: 'a new password',
      output: 'anna has a new password.',
      given: WITH_ANNA,
    },
  ],
  async run(session, input) {
    const { executeSetPassword, planSetPassword } = await import('../../src/index.js');
    return changeWithPassword(session, {
      change: {
        command: 'admin passwd',
        plan: (ctx, now) => planSetPassword(ctx, input.name, now),
        show: (plan) => ({
          plan: renderAdministratorPlan('set the password of', plan, {
            width: session.terminal.width,
            effect: 'the password of before is worth nothing any more',
          }),
          question: `Set the password of ${plan.name}?`,
        }),
      },
      given: input,
      execute: executeSetPassword,
      done: (plan) => `${plan.name} has a new password.`,
    });
  },
});
