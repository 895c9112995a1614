import { parseIssuedName, type IssuedPurpose } from '../../src/index.js';
import type { ValueOf } from '../cli/command.js';
import { keySpec, oneOf, text, wholeNumber } from '../cli/parsers.js';

/** What is taken for --eku; the compiler knows the words. */
const PURPOSES: readonly IssuedPurpose[] = [
  'clientAuth',
  'serverAuth',
  'emailProtection',
  'codeSigning',
  'timeStamping',
];

/** The options of `ca issue`. */
export const ISSUE_OPTIONS = {
  name: {
    kind: 'value',
    flag: '--name',
    value: 'NAME',
    summary: 'the common name: of a person, a service, an agent or a CA',
    parse: text,
  },
  eku: {
    kind: 'list',
    flag: '--eku',
    value: 'PURPOSE',
    summary:
      'clientAuth (as when nothing is said), serverAuth, emailProtection, codeSigning, timeStamping',
    parse: oneOf<IssuedPurpose>(PURPOSES),
  },
  san: {
    kind: 'list',
    flag: '--san',
    value: 'NAME',
    summary: 'a further name: dns:…, ip:…, email:… or uri:…',
    parse: (word: string) => parseIssuedName(word),
  },
  csr: {
    kind: 'value',
    flag: '--csr',
    value: 'FILE',
    summary: 'the request of whoever holds the key; without it zmint makes the key',
    parse: text,
  },
  csrNames: {
    kind: 'flag',
    flag: '--csr-names',
    summary: 'take the names that the request asks for too',
  },
  days: {
    kind: 'value',
    flag: '--days',
    value: 'N',
    summary: 'how many days it is valid: 1 to 3650',
    parse: wholeNumber(1, 3650),
  },
  years: {
    kind: 'value',
    flag: '--years',
    value: 'N',
    summary: 'how many years it is valid: 1 to 10; 1 when nothing is said, 5 for a CA',
    parse: wholeNumber(1, 10),
  },
  key: {
    kind: 'value',
    flag: '--key',
    value: 'SPEC',
    summary: 'the key to make: ec:P-256 (as when nothing is said), ed25519, rsa:3072 …',
    parse: keySpec,
  },
  out: {
    kind: 'value',
    flag: '--out',
    value: 'PATH',
    summary: 'the folder for the files; with --csr also the file for the certificate',
    parse: text,
  },
  p12: {
    kind: 'flag',
    flag: '--p12',
    summary: 'certificate.p12 with a passphrase instead of PEM files',
  },
  outPassphraseFile: {
    kind: 'value',
    flag: '--out-passphrase-file',
    value: 'FILE',
    summary: 'the passphrase of certificate.p12; otherwise it is asked for',
    parse: text,
  },
  force: { kind: 'flag', flag: '--force', summary: 'replace files that are there' },
  subordinate: { kind: 'flag', flag: '--subordinate', summary: 'the certificate of a CA' },
  pathLength: {
    kind: 'value',
    flag: '--path-length',
    value: 'N',
    summary: 'how many CAs may follow below the subordinate: 0 when nothing is said',
    parse: wholeNumber(0, 9),
  },
  permitDns: constraint('--permit-dns', 'DOMAIN', 'a domain that the subordinate may issue for'),
  permitIp: constraint('--permit-ip', 'NET', 'a network that it may issue for'),
  permitEmail: constraint('--permit-email', 'DOMAIN', 'a mail domain that it may issue for'),
  excludeDns: constraint('--exclude-dns', 'DOMAIN', 'a domain that it may not issue for'),
  excludeIp: constraint('--exclude-ip', 'NET', 'a network that it may not issue for'),
  excludeEmail: constraint('--exclude-email', 'DOMAIN', 'a mail domain that it may not issue for'),
} as const;

/** What was typed behind `ca issue`. */
export type IssueInput = {
  readonly [Name in keyof typeof ISSUE_OPTIONS]: ValueOf<(typeof ISSUE_OPTIONS)[Name]>;
};

function constraint<Flag extends `--${string}`>(flag: Flag, value: string, summary: string) {
  return { kind: 'list', flag, value, summary, parse: text } as const;
}
