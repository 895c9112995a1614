import type { PassphraseOptions } from '../commands/cli/surroundings.js';
import { readPassphraseFd, readPassphraseFile } from '../src/adapters/fs/read-passphrase-file.js';
import { ZmintError } from '../src/errors.js';
import type { PassphraseSource } from '../src/index.js';
import { readCredential } from './read-credential.js';

const CREDENTIAL = 'zone-ca';
const LEAST_CHARACTERS = 10;

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
    fresh: async () => longEnough(given() ?? (await askTwice(options))),
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

async function askTwice(options: PassphraseOptions): Promise<Uint8Array> {
  const first = await askBytes(options, 'New passphrase of the CA:');
  const second = await askBytes(options, 'The same again:');
  const same = Buffer.compare(first, second) === 0;
  second.fill(0);
  if (same) return first;
  first.fill(0);
  throw new ZmintError('usage', 'the two passphrases differ', { hint: 'run the command again' });
}

function longEnough(bytes: Uint8Array): Uint8Array {
  // In UTF-8 every character has one byte that is no continuation.
  const characters = bytes.reduce((sum, byte) => sum + ((byte & 0xc0) === 0x80 ? 0 : 1), 0);
  if (characters >= LEAST_CHARACTERS) return bytes;
  bytes.fill(0);
  throw new ZmintError('policy', `the passphrase has fewer than ${LEAST_CHARACTERS} characters`, {
    hint: 'choose a longer one, such as four words',
  });
}
