import { keyLength, keySpec, text } from '../cli/parsers.js';

/** The fields of a subject beside its common name. */
export const FIELD_OPTIONS = {
  o: { kind: 'value', flag: '--o', value: 'O', summary: 'organization', parse: text },
  ou: { kind: 'value', flag: '--ou', value: 'OU', summary: 'organizational unit', parse: text },
  l: { kind: 'value', flag: '--l', value: 'L', summary: 'city or locality', parse: text },
  st: { kind: 'value', flag: '--st', value: 'ST', summary: 'state or province', parse: text },
  c: { kind: 'value', flag: '--c', value: 'CC', summary: 'country, two letters', parse: text },
} as const;

/** The options that say what signing requests ask for. */
export const SUBJECT_OPTIONS = {
  cn: {
    kind: 'value',
    flag: '--cn',
    value: 'CN',
    summary: 'the common name; the DNS name of the server when nothing is said',
    parse: text,
  },
  ...FIELD_OPTIONS,
  key: {
    kind: 'value',
    flag: '--key',
    value: 'SPEC',
    summary: 'the kind of keys: ec:P-256, rsa:3072 …; as today when nothing is said',
    parse: keySpec,
  },
  keyLength: {
    kind: 'value',
    flag: '--key-length',
    value: 'N',
    summary: 'RSA keys of so many bits',
    parse: keyLength,
  },
  includeDns: {
    kind: 'flag',
    flag: '--include-dns',
    summary: 'with all additional DNS names of the servers',
  },
  san: {
    kind: 'list',
    flag: '--san',
    value: 'NAME',
    summary: 'one more DNS name, also *.example.com, or IP address; may be given several times',
    parse: text,
  },
} as const;
