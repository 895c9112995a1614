import { ZmintError } from '../../src/errors.js';
import type { Session } from '../cli/session.js';

type Source = Pick<Session, 'readPassphrase' | 'readDescriptor' | 'askSecret' | 'terminal'>;

/**
 * The new password, to be wiped: from the file or descriptor that was named, or asked for twice.
 * Throws `usage`, `question-unanswered`, and what reading it throws.
 */
export async function newPassword(
  session: Source,
  given: { readonly passwordFile: string | undefined; readonly passwordFd: number | undefined },
): Promise<Uint8Array> {
  const { passwordFile, passwordFd } = given;
  if (passwordFile !== undefined && passwordFd !== undefined) {
    throw new ZmintError('usage', '--password-file and --password-fd exclude each other', {
      hint: 'give one of them',
    });
  }
  if (passwordFile !== undefined) return session.readPassphrase(passwordFile);
  if (passwordFd !== undefined) return session.readDescriptor(passwordFd);
  if (!session.terminal.interactive) {
    throw new ZmintError('question-unanswered', 'there is nobody to ask for the new password', {
      hint: 'add --password-file FILE or --password-fd N',
    });
  }
  return askTwice(session);
}

async function askTwice(session: Pick<Session, 'askSecret'>): Promise<Uint8Array> {
  const first = await session.askSecret('New password:');
  const second = await session.askSecret('The same again:');
  const same = first.length === second.length && first.every((octet, at) => octet === second[at]);
  second.fill(0);
  if (same) return first;
  first.fill(0);
  throw new ZmintError('usage', 'the two passwords differ', { hint: 'run the command again' });
}
