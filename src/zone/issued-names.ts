import { ZmintError } from '../errors.js';
import { parseIpAddress } from './decide-member.js';
import { parseDnsName, parseDnsPattern } from './dns-name.js';

/** The names of a certificate beside its subject. */
export interface IssuedNames {
  readonly dnsNames: readonly string[];
  readonly ipAddresses: readonly string[];
  readonly emailAddresses: readonly string[];
  readonly uris: readonly string[];
}

export type NameKind = keyof IssuedNames;

export interface IssuedName {
  readonly kind: NameKind;
  readonly value: string;
}

const PREFIXES: Readonly<Record<string, NameKind>> = {
  dns: 'dnsNames',
  ip: 'ipAddresses',
  email: 'emailAddresses',
  uri: 'uris',
};
const PARSERS: Readonly<Record<NameKind, (text: string) => string>> = {
  dnsNames: parseDnsPattern,
  ipAddresses: parseIpAddress,
  emailAddresses: parseEmail,
  uris: parseUri,
};

/**
 * A name as it is typed: `dns:web.example.com`, `ip:192.0.2.7`, `email:ann@example.com`, `uri:…`;
 * without the kind in front it is told by its look. Throws `policy`.
 */
export function parseIssuedName(text: string): IssuedName {
  const [, prefix = '', rest = ''] = /^([a-z]+):(.*)$/iu.exec(text.trim()) ?? [];
  const named = PREFIXES[prefix.toLowerCase()];
  if (named !== undefined) return { kind: named, value: PARSERS[named](rest) };
  const kind = kindOf(text.trim());
  return { kind, value: PARSERS[kind](text) };
}

/** What a common name would be beside the subject; undefined when it is no such name. */
export function nameInSubject(text: string): IssuedName | undefined {
  try {
    const name = parseIssuedName(text);
    return name.kind === 'uris' ? undefined : name;
  } catch (error) {
    if (error instanceof ZmintError && error.code === 'policy') return undefined;
    throw error;
  }
}

/** Names by kind, each once, in their order. */
export function groupNames(names: readonly IssuedName[]): IssuedNames {
  const of = (kind: NameKind): readonly string[] => [
    ...new Set(names.filter((name) => name.kind === kind).map(({ value }) => value)),
  ];
  return {
    dnsNames: of('dnsNames'),
    ipAddresses: of('ipAddresses'),
    emailAddresses: of('emailAddresses'),
    uris: of('uris'),
  };
}

/** All names in one list, in the order of their kinds. */
export function allNames(names: IssuedNames): readonly string[] {
  return [...names.dnsNames, ...names.ipAddresses, ...names.emailAddresses, ...names.uris];
}

function kindOf(text: string): NameKind {
  if (/^[a-z][a-z\d+.-]*:\/\//iu.test(text)) return 'uris';
  if (text.includes('@')) return 'emailAddresses';
  return text.includes(':') || /^\d+(?:\.\d+){3}$/u.test(text) ? 'ipAddresses' : 'dnsNames';
}

/** A mailbox in ASCII, its domain in lower case (RFC 5280 §4.2.1.6). Throws `policy`. */
function parseEmail(text: string): string {
  const [, local = '', domain = ''] = /^([^@]+)@([^@]+)$/u.exec(text.trim()) ?? [];
  if (/^[A-Za-z\d!#$%&'*+/=?^_`{|}~.-]{1,64}$/u.test(local) && domain !== '')
    return `${local}@${parseDnsName(domain)}`;
  throw new ZmintError('policy', `"${text}" is not an e-mail address`, {
    hint: 'as ann@example.com, in ASCII',
  });
}

/** An absolute URI in ASCII with a host. Throws `policy`. */
function parseUri(text: string): string {
  const uri = text.trim();
  if (/^[!-~]{1,500}$/u.test(uri) && URL.canParse(uri) && new URL(uri).host !== '') return uri;
  throw new ZmintError('policy', `"${text}" is not a URI with a host`, {
    hint: 'as spiffe://example.com/agent',
  });
}
