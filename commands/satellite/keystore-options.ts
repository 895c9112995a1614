import type { KeystoreFormat } from '../../src/index.js';
import { oneOf, text } from '../cli/parsers.js';

/** How the keystore of a satellite is configured. */
export const KEYSTORE_OPTIONS = {
  keystore: {
    kind: 'value',
    flag: '--keystore',
    value: 'FORMAT',
    summary: 'what its server reads beside PEM from now on: jks, pkcs12 or none',
    parse: oneOf<KeystoreFormat | 'none'>(['jks', 'pkcs12', 'none']),
  },
  keystorePassphraseFile: {
    kind: 'value',
    flag: '--keystore-passphrase-file',
    value: 'FILE',
    summary: 'the password of that keystore is in this file; it is kept for the next ones',
    parse: text,
  },
} as const;
