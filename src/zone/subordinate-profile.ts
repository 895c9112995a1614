import { ZmintError } from '../errors.js';
import { ipAddressOctets } from '../x509/ip-address.js';
import type { ConstrainedNames, Subtree } from '../x509/name-constraints-content.js';
import { parseDnsName } from './dns-name.js';

/** Names that a subordinate CA may issue for, or may not, as they are typed. */
export interface ConstraintWish {
  readonly permitDns: readonly string[];
  readonly permitIp: readonly string[];
  readonly permitEmail: readonly string[];
  readonly excludeDns: readonly string[];
  readonly excludeIp: readonly string[];
  readonly excludeEmail: readonly string[];
}

/** Every address of each version, and every DNS name. */
const ANY_ADDRESS: readonly Subtree[] = [
  { kind: 'ip', octets: new Uint8Array(8) },
  { kind: 'ip', octets: new Uint8Array(32) },
];
const ANY_DNS: Subtree = { kind: 'dns', text: '' };

/**
 * The constraints that a wish means. A kind that RFC 5280 §4.2.1.10 would leave free because nothing
 * of it is permitted is excluded: whoever permits DNS names alone does not mean every address, and
 * the other way round. Throws `policy`.
 */
export function decideConstraints(wish: ConstraintWish): ConstrainedNames {
  const permitted = [
    ...wish.permitDns.map(dnsSubtree),
    ...wish.permitIp.map(addressSubtree),
    ...wish.permitEmail.map(emailSubtree),
  ];
  const excluded = [
    ...wish.excludeDns.map(dnsSubtree),
    ...wish.excludeIp.map(addressSubtree),
    ...wish.excludeEmail.map(emailSubtree),
  ];
  const closed =
    permitted.length === 0
      ? []
      : [
          ...(wish.permitDns.length === 0 ? [ANY_DNS] : []),
          ...(wish.permitIp.length === 0 ? ANY_ADDRESS : []),
        ];
  return { permitted, excluded: [...excluded, ...closed] };
}

/** A domain with all that is below it. */
function dnsSubtree(text: string): Subtree {
  return { kind: 'dns', text: parseDnsName(text.replace(/^\./u, '')) };
}

/** A mailbox, a host (`example.com`), or all hosts below a domain (`.example.com`). */
function emailSubtree(text: string): Subtree {
  const [, local = '', host = ''] = /^([^@]+@)?\.?([^@]+)$/u.exec(text.trim()) ?? [];
  const domain = parseDnsName(host);
  const below = local === '' && text.trim().startsWith('.') ? '.' : '';
  return { kind: 'email', text: `${local}${below}${domain}` };
}

/** `10.0.0.0/8`, `2001:db8::/32`, or one address. */
function addressSubtree(text: string): Subtree {
  const [, address = '', length] = /^([^/]+)(?:\/(\d{1,3}))?$/u.exec(text.trim()) ?? [];
  const octets = ipAddressOctets(address);
  if (octets === undefined) throw badNetwork(text);
  const bits = 8 * octets.length;
  const prefix = length === undefined ? bits : Number(length);
  if (prefix > bits) throw badNetwork(text);
  const mask = Uint8Array.from(octets, (_, at) => maskOctet(prefix - 8 * at));
  const outside = octets.some((octet, at) => (octet & ~(mask[at] ?? 0) & 0xff) !== 0);
  if (outside) throw badNetwork(text);
  return { kind: 'ip', octets: Uint8Array.of(...octets, ...mask) };
}

function maskOctet(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

function badNetwork(text: string): ZmintError {
  return new ZmintError('policy', `"${text}" is no network`, {
    hint: 'as 10.0.0.0/8 or 2001:db8::/32, with zeros behind the prefix',
  });
}
