import { ZmintError } from '../../src/errors.js';
import type { Session } from './session.js';

/** A secret that is made up at the terminal. */
export interface NewSecret {
  readonly question: string;
  /** The two of them, as they are called when they differ: `passphrases`. */
  readonly plural: string;
  /** Throws for one that is not taken, before it is typed again. */
  readonly check?: (secret: Uint8Array) => void;
}

/** Asks twice for a new secret. Throws `usage` when they differ, what `check` and `askSecret` throw. */
export async function askTwice(
  session: Pick<Session, 'askSecret'>,
  { question, plural, check }: NewSecret,
): Promise<Uint8Array> {
  const first = await session.askSecret(question);
  try {
    check?.(first);
    const second = await session.askSecret('The same again:');
    const same = first.length === second.length && first.every((octet, at) => octet === second[at]);
    second.fill(0);
    if (same) return first;
    throw new ZmintError('usage', `the two ${plural} differ`, { hint: 'run the command again' });
  } catch (error) {
    first.fill(0);
    throw error;
  }
}
