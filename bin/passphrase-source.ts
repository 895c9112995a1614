import type { PassphraseOptions } from '../commands/cli/surroundings.js';
import { readPassphraseFd, readPassphraseFile } from '../src/adapters/fs/read-passphrase-file.js';
import { ZmintError } from '../src/errors.js';
import type { PassphraseSource } from '../src/index.js';
import { requireLongSecret } from '../src/index.js';
import { readCredential } from './read-credential.js';

const CREDENTIAL = 'zone-ca';

/** A source of passphrases that can be told to forget what it read. */
export interface WipedPassphraseSource extends PassphraseSource {
  close(): void;
}

/**
 * The CA passphrase from --passphrase-fd, --passphrase-file, `$CREDENTIALS_DIRECTORY/zone-ca`
 * (systemd.exec, CREDENTIALS) or a person, in this order. It is read once in a command; each call
 * gives a copy of its own.
 */
export function createPassphraseSource(
  options: PassphraseOptions,
  credentials: string | undefined,
): WipedPassphraseSource {
  let known: Uint8Array | undefined;
  const given = (): Uint8Array | undefined => {
    known ??= readGiven(options, credentials);
    return known?.slice();
  };
  return {
    existing: async () => {
      known ??=
        readGiven(options, credentials) ?? (await askBytes(options, 'Passphrase of the CA:'));
      return known.slice();
    },
    fresh: async () => {
      const known = given();
      return known === undefined ? askTwice(options) : longEnough(known);
    },
    close: () => {
      known?.fill(0);
      known = undefined;
    },
  };
}

function readGiven(
  options: PassphraseOptions,
  credentials: string | undefined,
): Uint8Array | undefined {
  if (options.fd !== undefined) return readPassphraseFd(options.fd);
  if (options.file !== undefined) return readPassphraseFile(options.file);
  return readCredential(credentials, CREDENTIAL);
}

async function askBytes(options: PassphraseOptions, question: string): Promise<Uint8Array> {
  return new TextEncoder().encode((await options.ask(question)).normalize('NFC'));
}

/** One that is too short is refused before it is typed again. */
async function askTwice(options: PassphraseOptions): Promise<Uint8Array> {
  const first = longEnough(await askBytes(options, 'New passphrase of the CA:'));
  const second = await askBytes(options, 'The same again:');
  const same = Buffer.compare(first, second) === 0;
  second.fill(0);
  if (same) return first;
  first.fill(0);
  throw new ZmintError('usage', 'the two passphrases differ', { hint: 'run the command again' });
}

function longEnough(bytes: Uint8Array): Uint8Array {
  try {
    requireLongSecret(bytes, 'the passphrase');
    return bytes;
  } catch (error) {
    bytes.fill(0);
    throw error;
  }
}
