import { defineCommand } from '../cli/command.js';
import { administratorRowJson, renderAdministrators } from './administrator-view.js';
import { WITH_ANNA } from './given.js';

/** `zmint admin list`: who may sign in. */
export const adminList = defineCommand({
  name: 'admin list',
  summary: 'list the administrators',
  description:
    'Lists who may sign in to the service of the zone, with their privilege, when they were added, and when their password was set. Nothing of a password is shown, nor what is kept of it.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [{ line: 'zmint admin list', shows: 'every administrator', given: WITH_ANNA }],
  async run(session) {
    const { listAdministrators } = await import('../../src/index.js');
    const rows = await listAdministrators(await session.open());
    return {
      json: () => ({ administrators: rows.map(administratorRowJson) }),
      text: () => renderAdministrators(rows, session.terminal, session.offsetAt),
    };
  },
});
