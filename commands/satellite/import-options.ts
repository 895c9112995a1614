import { text } from '../cli/parsers.js';
import { KEYSTORE_OPTIONS } from './keystore-options.js';
import { SIGN_IN_OPTIONS } from './sign-in-options.js';

/** The argument of the commands for satellites. */
export const SATELLITE_ARGUMENT = {
  satellite: {
    kind: 'optional',
    value: 'SATELLITE',
    summary: 'the satellite; may be left out where only one can be meant',
    parse: text,
  },
} as const;

/** What `iac` and `isc` are told of a certificate, by the names of old. */
export const IMPORT_OPTIONS = {
  privateKey: {
    kind: 'value',
    flag: '--private-key',
    short: '-pk',
    value: 'FILE',
    summary: 'the private key: DER, PEM, encrypted or not',
    parse: text,
  },
  certificate: {
    kind: 'value',
    flag: '--certificate',
    short: '-c',
    value: 'FILE',
    summary: 'the signed certificate, with or without its chain',
    parse: text,
  },
  ca: {
    kind: 'list',
    flag: '--ca-certificate',
    short: '-ca',
    value: 'FILE',
    summary: 'certificates of the CA that signed it',
    parse: text,
  },
  store: {
    kind: 'list',
    flag: '--store',
    short: '-ks',
    value: 'FILE',
    summary: 'a JKS or PKCS#12 with key and certificates instead; a second -ks is taken for -cp',
    parse: text,
  },
  storePassword: {
    kind: 'value',
    flag: '--store-password',
    short: '-ksp',
    value: 'PASSWORD',
    summary: 'the password of that store; better in a file, with --passphrase-file',
    parse: text,
  },
  alias: {
    kind: 'value',
    flag: '--alias',
    short: '-a',
    value: 'ALIAS',
    summary:
      'the entry in that store; with --keystore also the one in the keystore of the satellite',
    parse: text,
  },
  keyPassword: {
    kind: 'value',
    flag: '--key-password',
    short: '-cp',
    value: 'PASSWORD',
    summary: 'the password of the key itself; better in a file',
    parse: text,
  },
  keyPassphraseFile: {
    kind: 'value',
    flag: '--key-passphrase-file',
    value: 'FILE',
    summary: 'the password of the key itself is in this file',
    parse: text,
  },
  ...KEYSTORE_OPTIONS,
  reconfigure: {
    kind: 'flag',
    flag: '--reconfigure',
    short: '-rc',
    summary: 'reconfigure without asking',
  },
  ...SIGN_IN_OPTIONS,
} as const;
