import { ZmintError } from '../../src/errors.js';
import type { Outcome } from '../cli/command.js';
import type { Session } from '../cli/session.js';
import { restartServers } from '../restart-servers.js';
import { askOldMenu } from './old-menu.js';

const ACTIONS = ['Start', 'Stop', 'Restart'] as const;
const RESTART = ACTIONS.indexOf('Restart');

/**
 * `configure -c Start`: the services whose reload commands are known, all selected, and the action,
 * Restart selected. A terminal shows the menus of old; without one all are restarted. Throws `usage`
 * for Start and Stop, which zmint leaves to the system.
 */
export async function startServices(session: Session, words: readonly string[]): Promise<Outcome> {
  const { planRestart } = await import('../../src/index.js');
  const { servers } = await planRestart(await session.open(), words, session.now);
  const paths = servers.map(({ member }) => member.path);
  if (!session.terminal.interactive || session.yes || session.dryRun)
    return restartServers(session, 'configure', paths);
  const chosen = await askOldMenu(session, {
    title: 'Choose the services:',
    entries: servers.map(({ member }) => `${member.name} (${member.dnsName ?? member.path})`),
    marked: paths.map((_path, at) => at),
    many: true,
  });
  if (chosen.length === 0)
    throw new ZmintError('interrupted', 'no service was chosen; nothing was done');
  const [action] = await askOldMenu(session, {
    title: 'Choose the action:',
    entries: ACTIONS,
    marked: [RESTART],
    many: false,
  });
  if (action !== RESTART) {
    throw new ZmintError(
      'usage',
      'zmint makes services read their files again, no more than that',
      {
        hint: 'choose Restart; start and stop services with systemctl',
      },
    );
  }
  return restartServers(
    session,
    'configure',
    chosen.flatMap((at) => paths[at] ?? []),
  );
}
