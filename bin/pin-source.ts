import type { PinOptions } from '../commands/cli/surroundings.js';
import { readPassphraseFd, readPassphraseFile } from '../src/adapters/fs/read-passphrase-file.js';
import type { PinSource } from '../src/index.js';
import { readCredential } from './read-credential.js';

const CREDENTIAL = 'zone-ca-pin';

/** A source of PINs that can be told to forget what it read. */
export interface WipedPinSource extends PinSource {
  close(): void;
}

/**
 * The PIN of a token from --pin-fd, --pin-file, the `pin-source` of the key's URI,
 * `$CREDENTIALS_DIRECTORY/zone-ca-pin` (systemd.exec, CREDENTIALS) or a person, in this order. It is
 * read once in a command for each token; each call gives a copy of its own.
 */
export function createPinSource(
  options: PinOptions,
  credentials: string | undefined,
): WipedPinSource {
  const known = new Map<string, Uint8Array>();
  return {
    read: async ({ name, pinSource }) => {
      // A descriptor can be read once, whatever it opens.
      const token = options.fd === undefined ? JSON.stringify(name) : '';
      const pin =
        known.get(token) ??
        readGiven(options, pinSource, credentials) ??
        (await ask(options, name.token ?? name.serial ?? ''));
      known.set(token, pin);
      return pin.slice();
    },
    close: () => {
      for (const pin of known.values()) pin.fill(0);
      known.clear();
    },
  };
}

function readGiven(
  { fd, file }: PinOptions,
  source: string | undefined,
  credentials: string | undefined,
): Uint8Array | undefined {
  if (fd !== undefined) return readPassphraseFd(fd);
  const named = file ?? source;
  if (named !== undefined) return readPassphraseFile(named);
  return readCredential(credentials, CREDENTIAL);
}

async function ask(options: PinOptions, token: string): Promise<Uint8Array> {
  return new TextEncoder().encode(await options.ask(`PIN of the token ${token}:`));
}
