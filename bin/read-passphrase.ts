import { keepMemoryOutOfCoreFiles } from '../src/adapters/system/core-files.js';
import type { SecretPlace } from '../commands/cli/surroundings.js';
import { readPassphraseFd, readPassphraseFile } from '../src/adapters/fs/read-passphrase-file.js';

/** The passphrase at a place, in NFC; the caller wipes it. Throws `not-found`, `unsafe-path`, `unreadable`. */
export function readPassphrase(place: SecretPlace): Uint8Array {
  keepMemoryOutOfCoreFiles();
  return place.kind === 'fd' ? readPassphraseFd(place.fd) : readPassphraseFile(place.path);
}
