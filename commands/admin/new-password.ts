import { ZmintError } from '../../src/errors.js';
import { askTwice } from '../cli/ask-twice.js';
import type { Session } from '../cli/session.js';

type Source = Pick<Session, 'readPassphrase' | 'readDescriptor' | 'askSecret' | 'terminal'>;

/**
 * The new password, to be wiped: from the file or descriptor that was named, or asked for twice.
 * Throws `usage`, `question-unanswered`, `policy` for one that is too short, and what reading it throws.
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
  const { requireLongSecret } = await import('../../src/index.js');
  return askTwice(session, {
    question: 'New password:',
    plural: 'passwords',
    check: (secret) => {
      requireLongSecret(secret, 'the password');
    },
  });
}
