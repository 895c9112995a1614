import type { Session } from '../cli/session.js';

/** Passwords that an old habit put on the command line; undefined or empty: not given. */
export type OldSecrets = Readonly<Record<string, string | undefined>>;

/**
 * Takes the arguments out of the process list when one of them was a password, and says how to do
 * without. Call it first.
 */
export function hideSecrets(session: Session, secrets: OldSecrets): void {
  const given = Object.entries(secrets).filter(([, value]) => value !== undefined && value !== '');
  if (given.length === 0) return;
  session.hideArguments();
  const flags = given.map(([flag]) => flag).join(' and ');
  session.warn(
    `${flags}: a password on the command line can be seen by others and stays in the shell's history; a file is better (zmint help iac)`,
  );
}

/** A password as the bytes that files are opened with. */
export function secretBytes(value: string): Uint8Array {
  return new TextEncoder().encode(value.normalize('NFC'));
}
