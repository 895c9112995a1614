import type { Selection, Target } from '../../src/index.js';
import { oneOf, text } from '../cli/parsers.js';

/** The formats by the words of --to. Light, so that help loads nothing that works. */
const TARGETS: readonly Target[] = ['pem', 'der', 'p7b', 'p12', 'jks'];
const SELECTIONS: readonly Selection[] = ['certificates', 'leaf', 'keys'];

/** The arguments of `cert convert`. */
export const CONVERT_ARGUMENTS = {
  file: { kind: 'required', value: 'FILE', summary: 'the file to convert', parse: text },
} as const;

/** The options of `cert convert`; --to and --out must be given. */
export const CONVERT_OPTIONS = {
  to: {
    kind: 'value',
    flag: '--to',
    value: 'FORMAT',
    summary: 'pem, der, p7b, p12 or jks',
    parse: oneOf<Target>(TARGETS),
  },
  out: { kind: 'value', flag: '--out', value: 'FILE', summary: 'the file to write', parse: text },
  key: {
    kind: 'value',
    flag: '--key',
    value: 'FILE',
    summary: 'a file with the private key to add',
    parse: text,
  },
  alias: {
    kind: 'value',
    flag: '--alias',
    value: 'NAME',
    summary: 'the name of the entry in a p12 or jks',
    parse: text,
  },
  only: {
    kind: 'value',
    flag: '--only',
    value: 'WHAT',
    summary: 'leave the rest out: certificates, leaf or keys',
    parse: oneOf<Selection>(SELECTIONS),
  },
  legacy: {
    kind: 'flag',
    flag: '--legacy',
    summary: 'a p12 with triple DES and SHA-1, for old readers',
  },
  keyPassphraseFile: {
    kind: 'list',
    flag: '--key-passphrase-file',
    value: 'FILE',
    summary: 'another passphrase to try, as of an entry with one of its own',
    parse: text,
  },
  outPassphraseFile: {
    kind: 'value',
    flag: '--out-passphrase-file',
    value: 'FILE',
    summary: 'the passphrase for the result is in this file',
    parse: text,
  },
  noOutPassphrase: {
    kind: 'flag',
    flag: '--no-out-passphrase',
    summary: 'write keys in clear (p12: under an empty passphrase)',
  },
} as const;
