import { ZmintError } from '../../src/errors.js';
import { askTwice } from '../cli/ask-twice.js';
import type { Session } from '../cli/session.js';

/** What decides under which passphrase a result is written. */
export interface OutPassphraseFacts {
  /** `--out-passphrase-file`. */
  readonly file: string | undefined;
  /** `--no-out-passphrase`. */
  readonly none: boolean;
  /** The format has a passphrase, keys or not. */
  readonly isStore: boolean;
  readonly hasKeys: boolean;
  /** The keys came out of something encrypted. */
  readonly wasEncrypted: boolean;
}

/**
 * The passphrase of the result; null for none. Keys that were in clear may stay so in PEM and DER;
 * for all else one must be named, or it is asked for twice. Throws `usage`, `question-unanswered`.
 */
export async function outPassphrase(
  session: Pick<Session, 'readPassphrase' | 'askSecret' | 'terminal'>,
  facts: OutPassphraseFacts,
): Promise<Uint8Array | null> {
  if (facts.file !== undefined && facts.none) {
    throw new ZmintError(
      'usage',
      '--out-passphrase-file and --no-out-passphrase exclude each other',
    );
  }
  if (facts.file !== undefined) return session.readPassphrase(facts.file);
  if (facts.none) return null;
  if (!facts.isStore && (!facts.hasKeys || !facts.wasEncrypted)) return null;
  if (!session.terminal.interactive) {
    throw new ZmintError('question-unanswered', 'it is not said under which passphrase to write', {
      hint: 'add --out-passphrase-file FILE or --no-out-passphrase',
    });
  }
  return askTwice(session, {
    question: 'New passphrase of the file:',
    plural: 'passphrases',
  });
}
