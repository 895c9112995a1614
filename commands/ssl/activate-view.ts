import type { ActivationPlan } from '../../src/index.js';
import { counted } from '../cli/list-cut.js';
import { wrapFields } from '../cli/wrap-fields.js';
import { serversLine } from './servers-line.js';

/** What an activation is about to do. */
export function renderActivationPlan(
  plan: ActivationPlan,
  options: { readonly width: number; readonly verbose: boolean },
): string {
  const names = plan.operations.map(({ id, updateName }) => `${id} "${updateName}"`);
  const fields = wrapFields(
    [
      ['Operation', names.join(', ')],
      ['Servers', serversLine(plan.servers, options.verbose)],
      [
        'Each one',
        'is switched by one rename, reloaded and looked at from outside; one that does not show its new certificate is switched back',
      ],
      ['Way back', 'zmint ssl rollback'],
    ],
    options.width,
  );
  return `Plan: activate ${counted(plan.servers.total, 'server')}\n\n${fields}`;
}

/** The question behind the plan. */
export function activationQuestion(plan: ActivationPlan): string {
  return `Activate the new certificates of ${counted(plan.servers.total, 'server')}?`;
}
