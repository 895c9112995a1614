import { PRIVILEGES, type Privilege } from '../../src/index.js';
import { defineCommand } from '../cli/command.js';
import { oneOf, text } from '../cli/parsers.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { renderAdministratorPlan } from './administrator-view.js';
import { changeWithPassword } from './change-administrator.js';
import { PASSWORD_OPTIONS } from './password-options.js';
import { PASSWORD_STATUSES } from './statuses.js';

/** `zmint admin add`: somebody may sign in to the zone's service. */
export const adminAdd = defineCommand({
  name: 'admin add',
  summary: 'add an administrator',
  description:
    'Adds somebody who may sign in to the service of the zone with a name and a password. At the console no password is asked for: there the user of the operating system counts, and it is that user whom the audit log names.\nThe password has at least 10 characters. It is asked for twice, or comes from a file or a descriptor, never from an argument. What is kept of it is a scrypt hash with its own salt. The first administrator has the privilege admin.',
  arguments: {
    name: {
      kind: 'required',
      value: 'NAME',
      summary: 'a-z, 0-9, ".", "_" and "-", a letter first',
      parse: text,
    },
  },
  options: {
    privilege: {
      kind: 'value',
      flag: '--privilege',
      value: 'PRIVILEGE',
      summary: 'admin, or operator (as when nothing is said)',
      parse: oneOf<Privilege>(PRIVILEGES),
    },
    ...PASSWORD_OPTIONS,
  },
  changes: true,
  statuses: PASSWORD_STATUSES,
  examples: [
    {
      line: 'zmint admin add anna --privilege admin --password-file out.txt --yes',
      shows: 'the first administrator',
      output: 'anna may sign in, with the privilege admin.',
      given: SMALL_ZONE,
    },
  ],
  async run(session, input) {
    const { executeAddAdministrator, planAddAdministrator } = await import('../../src/index.js');
    const { name, privilege = 'operator' } = input;
    return changeWithPassword(session, {
      change: {
        command: 'admin add',
        plan: (ctx, now) => planAddAdministrator(ctx, { name, privilege }, now),
        show: (plan) => ({
          plan: renderAdministratorPlan('add the administrator', plan, {
            width: session.terminal.width,
            effect: 'may sign in to the service with this password',
          }),
          question: `Add ${plan.name}?`,
        }),
      },
      given: input,
      execute: executeAddAdministrator,
      done: (plan) => `${plan.name} may sign in, with the privilege ${plan.privilege}.`,
    });
  },
});
