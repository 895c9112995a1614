import type { ValueOf } from '../cli/command.js';
import { oneOf, text } from '../cli/parsers.js';

/** What the roots are written as, or which store they go into. */
export type ExportTarget = 'pem' | 'p12' | 'jks' | 'system' | 'nss';

const TARGETS: readonly ExportTarget[] = ['pem', 'p12', 'jks', 'system', 'nss'];

/** The options of `truststore export`. */
export const EXPORT_OPTIONS = {
  to: {
    kind: 'value',
    flag: '--to',
    value: 'FORMAT',
    summary: 'pem, p12, jks; or the store: system, nss',
    parse: oneOf<ExportTarget>(TARGETS),
  },
  out: { kind: 'value', flag: '--out', value: 'FILE', summary: 'the file to write', parse: text },
  outPassphraseFile: {
    kind: 'value',
    flag: '--out-passphrase-file',
    value: 'FILE',
    summary: 'the passphrase for a p12 or jks is in this file',
    parse: text,
  },
  noOutPassphrase: {
    kind: 'flag',
    flag: '--no-out-passphrase',
    summary: 'a p12 without a passphrase: roots are public',
  },
  undo: {
    kind: 'flag',
    flag: '--undo',
    summary: 'take the roots of this zone out of the store again',
  },
  root: {
    kind: 'value',
    flag: '--root',
    value: 'DIR',
    summary: 'with --to system: the folder that stands for /',
    parse: text,
  },
  db: {
    kind: 'value',
    flag: '--db',
    value: 'DIR',
    summary: 'with --to nss: the folder with cert9.db',
    parse: text,
  },
  dbPasswordFile: {
    kind: 'value',
    flag: '--db-password-file',
    value: 'FILE',
    summary: 'with --to nss: the password of the database is in this file',
    parse: text,
  },
} as const;

/** What was asked for. */
export type GivenExport = {
  readonly [K in keyof typeof EXPORT_OPTIONS]: ValueOf<(typeof EXPORT_OPTIONS)[K]>;
};

/** The same, with what must be given. */
export type ExportInput = Omit<GivenExport, 'to'> & { readonly to: ExportTarget };
