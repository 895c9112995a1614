import { ZmintError } from '../../src/errors.js';
import type { GivenFile, ImportMaterial } from '../../src/index.js';
import type { InputOf } from '../cli/command.js';
import type { Session } from '../cli/session.js';
import type { IMPORT_OPTIONS, SATELLITE_ARGUMENT } from './import-options.js';
import { secretBytes } from './old-secrets.js';

/** What `iac` and `isc` were told. */
export type ImportInput = InputOf<typeof SATELLITE_ARGUMENT, typeof IMPORT_OPTIONS>;

/** Whether a certificate was given at all; `isc` does without. */
export function givesNothing(input: ImportInput): boolean {
  const { privateKey, certificate, ca, store } = input;
  return (
    privateKey === undefined && certificate === undefined && ca.length === 0 && store.length === 0
  );
}

/**
 * Reads the key and the certificates that were named. Throws `usage` for a half of a set or both
 * ways at once, and what reading throws.
 */
export async function readGiven(session: Session, input: ImportInput): Promise<ImportMaterial> {
  const [store, secondStore, third] = input.store;
  const single = input.privateKey ?? input.certificate ?? input.ca[0];
  if (store !== undefined && single !== undefined) {
    throw usage('-ks brings key and certificates: it does not go with -pk, -c and -ca');
  }
  if (third !== undefined) throw usage('-ks is given too often');
  const secrets = await passphrases(session, input, secondStore);
  try {
    const { readImportMaterial } = await import('../../src/index.js');
    const ctx = await session.formats();
    if (store !== undefined) {
      const alias = input.alias ?? null;
      const file = await readFile(session, store);
      return await readImportMaterial(ctx, {
        kind: 'store',
        store: file,
        alias,
        passphrases: secrets,
      });
    }
    const authorities: GivenFile[] = [];
    for (const path of input.ca) authorities.push(await readFile(session, path));
    return await readImportMaterial(ctx, {
      kind: 'files',
      key: await readFile(session, required(input.privateKey, '-pk FILE: the private key')),
      certificate: await readFile(session, required(input.certificate, '-c FILE: the certificate')),
      authorities,
      passphrases: secrets,
    });
  } finally {
    for (const secret of secrets) secret.fill(0);
  }
}

async function passphrases(
  session: Session,
  input: ImportInput,
  secondStore: string | undefined,
): Promise<readonly Uint8Array[]> {
  const typed = [input.storePassword, input.keyPassword, secondStore];
  const found = typed.flatMap((one) => (one === undefined ? [] : [secretBytes(one)]));
  const file = await session.filePassphrase();
  if (file !== undefined) found.push(file);
  if (input.keyPassphraseFile !== undefined)
    found.push(await session.readPassphrase(input.keyPassphraseFile));
  const [store] = input.store;
  if (found.length === 0 && store !== undefined && session.terminal.interactive)
    found.push(await session.askSecret(`Password of ${store}:`));
  return found;
}

async function readFile(session: Session, path: string): Promise<GivenFile> {
  return { name: path, bytes: await session.readFile(path) };
}

function required(value: string | undefined, what: string): string {
  if (value !== undefined) return value;
  throw usage(`${what} is missing`);
}

function usage(message: string): ZmintError {
  return new ZmintError('usage', message, { hint: 'zmint help iac' });
}
