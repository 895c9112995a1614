import type { Session } from '../cli/session.js';

/** The passphrases that the options name, the file's own first; the caller wipes them. Throws as `Session` says. */
export async function filePassphrases(
  session: Pick<Session, 'filePassphrase' | 'readPassphrase'>,
  keyPassphraseFiles: readonly string[],
): Promise<readonly Uint8Array[]> {
  const own = await session.filePassphrase();
  const passphrases = own === undefined ? [] : [own];
  for (const file of keyPassphraseFiles) passphrases.push(await session.readPassphrase(file));
  return passphrases;
}

/** Overwrites passphrases that are no longer needed. */
export function wipe(passphrases: readonly Uint8Array[]): void {
  for (const passphrase of passphrases) passphrase.fill(0);
}
