import type { KeystoreWish } from '../../src/index.js';
import type { Session } from '../cli/session.js';
import { ZmintError } from '../../src/errors.js';

/** What was said about the keystore of a satellite. */
export interface KeystoreInput {
  readonly keystore: KeystoreWish['format'];
  readonly keystorePassphraseFile: string | undefined;
  readonly alias?: string | undefined;
}

/**
 * What is wanted of the keystore. Its password comes from the file that was named; for a format that
 * was named on a terminal it is asked for, and nothing typed means the one of today.
 */
export async function keystoreWish(session: Session, input: KeystoreInput): Promise<KeystoreWish> {
  return { format: input.keystore, alias: input.alias, passphrase: await password(session, input) };
}

/**
 * The same for imports: there `-a` names the entry of the store that was given, and the entry in the
 * keystore of the satellite only when that is configured in the same breath.
 */
export function importedKeystoreWish(
  session: Session,
  input: KeystoreInput,
): Promise<KeystoreWish> {
  const { keystore, alias } = input;
  return keystoreWish(session, { ...input, alias: keystore === undefined ? undefined : alias });
}

async function password(
  session: Session,
  { keystore, keystorePassphraseFile }: KeystoreInput,
): Promise<Uint8Array | undefined> {
  if (keystorePassphraseFile !== undefined) return session.readPassphrase(keystorePassphraseFile);
  const isNamed = keystore !== undefined && keystore !== 'none';
  if (!isNamed || !session.terminal.interactive) return undefined;
  const first = await session.askSecret('Password of the keystore (nothing: as it is):');
  if (first.length === 0) return undefined;
  const second = await session.askSecret('The same again:');
  const same = first.length === second.length && first.every((octet, at) => octet === second[at]);
  second.fill(0);
  if (same) return first;
  first.fill(0);
  throw new ZmintError('usage', 'the two passwords differ', { hint: 'run the command again' });
}
