import type { Certificate } from '../x509/certificate.js';
import { ipAddressOctets, ipAddressText } from '../x509/ip-address.js';
import type { ExpectedName } from './path-input.js';
import type { Fault } from './path-problem.js';

const LABEL = /^[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/u;
const SHOWN_NAMES = 5;

/**
 * What is wrong with the names of a certificate that is to stand for a name; undefined: it does. Only
 * the subject alternative name counts, never the common name (RFC 9525 §6.2).
 */
export function nameFault(certificate: Certificate, expected: ExpectedName): Fault | undefined {
  if (matches(certificate, expected)) return undefined;
  const names = namesOfKind(certificate, expected.kind);
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  const more = names.length > SHOWN_NAMES ? ` and ${names.length - SHOWN_NAMES} more` : '';
  const instead = names.length === 0 ? 'it has no names of that kind' : `it is for ${shown}${more}`;
  const fact = `is not for ${expected.value}: ${instead}`;
  return { code: 'name-mismatch', rfc: 'RFC 9525 §6', fact };
}

/** Whether the text is one or more labels of DNS, no wildcard, no address, no dot at the end. */
export function isHostName(text: string): boolean {
  const labels = text.toLowerCase().split('.');
  const numeric = /^\d+$/u.test(labels.at(-1) ?? '');
  return text.length <= 253 && !numeric && labels.every((label) => LABEL.test(label));
}

function namesOfKind(certificate: Certificate, kind: ExpectedName['kind']): readonly string[] {
  if (kind === 'dns') return certificate.dnsNames;
  return kind === 'ip' ? certificate.ipAddresses : certificate.emailAddresses;
}

function matches(certificate: Certificate, { kind, value }: ExpectedName): boolean {
  if (kind === 'ip') {
    const octets = ipAddressOctets(value);
    const text = octets === undefined ? undefined : ipAddressText(octets);
    return certificate.ipAddresses.some((address) => address === text);
  }
  if (kind === 'email') {
    const wanted = mailbox(value);
    return (
      wanted !== undefined && certificate.emailAddresses.some((one) => mailbox(one) === wanted)
    );
  }
  const host = value.toLowerCase().replace(/\.$/u, '');
  return isHostName(host) && certificate.dnsNames.some((name) => covers(name.toLowerCase(), host));
}

/** RFC 9525 §6.3: `*` as the whole leftmost label stands for exactly one; never for all below a top-level domain. */
function covers(presented: string, host: string): boolean {
  if (!presented.startsWith('*.')) return presented === host && isHostName(presented);
  const parent = presented.slice(2);
  const dot = host.indexOf('.');
  return parent.includes('.') && isHostName(parent) && dot > 0 && host.slice(dot + 1) === parent;
}

/** RFC 5280 §7.5: the part before the at sign as it stands, the host in any case. */
function mailbox(address: string): string | undefined {
  const at = address.lastIndexOf('@');
  if (at <= 0 || at === address.length - 1) return undefined;
  return `${address.slice(0, at)}@${address.slice(at + 1).toLowerCase()}`;
}
