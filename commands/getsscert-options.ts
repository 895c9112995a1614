import type { StartTls, Wanted } from '../src/index.js';
import { fingerprint, oneOf, text, wholeNumber } from './cli/parsers.js';

const PROTOCOLS: readonly StartTls[] = ['smtp', 'imap', 'pop3', 'ldap', 'postgres'];
const PARTS: readonly Wanted[] = ['own', 'chain', 'top'];

/** The arguments of `getsscert`. */
export const GETSSCERT_ARGUMENTS = {
  host: { kind: 'required', value: 'HOST[:PORT]', summary: 'the server', parse: text },
} as const;

/** The options of `getsscert`. */
export const GETSSCERT_OPTIONS = {
  fingerprint: {
    kind: 'value',
    flag: '--fingerprint',
    value: 'SHA256',
    summary: 'what the certificate must have; refused otherwise',
    parse: fingerprint,
  },
  out: {
    kind: 'value',
    flag: '--out',
    value: 'FILE',
    summary: 'save it as PEM in this file',
    parse: text,
  },
  add: { kind: 'flag', flag: '--add', summary: 'keep what is in FILE and add to it' },
  wanted: {
    kind: 'value',
    flag: '--save',
    value: 'WHAT',
    summary:
      'own (its certificate), chain (all that it sends) or top (the last issuer that it sends)',
    parse: oneOf<Wanted>(PARTS),
  },
  startTls: {
    kind: 'value',
    flag: '--starttls',
    value: 'PROTOCOL',
    summary: 'smtp, imap, pop3, ldap or postgres: TLS begins after words in clear',
    parse: oneOf<StartTls>(PROTOCOLS),
  },
  serverName: {
    kind: 'value',
    flag: '--server-name',
    value: 'NAME',
    summary: 'the name to ask for, when HOST is an address',
    parse: text,
  },
  timeout: {
    kind: 'value',
    flag: '--timeout',
    value: 'SECONDS',
    summary: 'how long to wait, 10 unless given',
    parse: wholeNumber(1, 600),
  },
} as const;
