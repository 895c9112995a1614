import type { DistinguishedName } from '../x509/distinguished-name.js';
import type { GeneralName } from '../x509/general-name.js';
import { nameParts } from '../x509/name-key.js';

/** What a name is to a subtree: inside, outside, or such that nobody can say (then it is refused). */
export type SubtreeMatch = 'inside' | 'outside' | 'undecided';

const LABELS = /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*$/u;
const URI_HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?([^/?#:@[\]]+)(?::\d*)?(?:[/?#]|$)/iu;

/**
 * Whether a name lies in a subtree of the same kind (RFC 5280 §4.2.1.10). A wildcard lies inside
 * when everything that it stands for does; for an excluded subtree, give `reach`: it lies inside as
 * soon as something that it stands for does.
 */
export function matchSubtree(
  name: GeneralName,
  base: GeneralName,
  reach: 'all' | 'some',
): SubtreeMatch {
  if ('octets' in name) {
    return 'octets' in base ? matchAddress(name.octets, base.octets) : 'undecided';
  }
  if ('text' in name) {
    return 'text' in base ? matchText[name.kind](name.text, base.text, reach) : 'undecided';
  }
  return 'name' in name && 'name' in base ? matchDirectory(name.name, base.name) : 'undecided';
}

const matchText = { dns: matchDns, email: matchEmail, uri: matchUri };

function matchDirectory(name: DistinguishedName, base: DistinguishedName): SubtreeMatch {
  const parts = nameParts(name);
  return said(nameParts(base).every((part, index) => parts[index] === part));
}

function matchDns(text: string, constraint: string, reach: 'all' | 'some'): SubtreeMatch {
  const name = text.toLowerCase();
  const domain = constraint.toLowerCase();
  const plain = name.startsWith('*.') ? name.slice(2) : name;
  if (!LABELS.test(plain)) return 'undecided';
  if (domain === '' || isWithin(plain, domain)) return 'inside';
  const grows = reach === 'some' && plain !== name;
  // *.example.com reaches into host.example.com: one label more, no other.
  return said(grows && domain.slice(domain.indexOf('.') + 1) === plain && domain.includes('.'));
}

function matchEmail(text: string, constraint: string): SubtreeMatch {
  const at = text.lastIndexOf('@');
  const host = text.slice(at + 1).toLowerCase();
  if (at <= 0 || !LABELS.test(host)) return 'undecided';
  const mark = constraint.lastIndexOf('@');
  if (mark < 0) return said(matchHost(host, constraint.toLowerCase()));
  const sameHost = constraint.slice(mark + 1).toLowerCase() === host;
  return said(sameHost && constraint.slice(0, mark) === text.slice(0, at));
}

function matchUri(text: string, constraint: string): SubtreeMatch {
  const host = URI_HOST.exec(text)?.[1]?.toLowerCase().replace(/\.$/u, '') ?? '';
  // An address or nothing at all cannot be held against a domain: RFC 5280 says to refuse it.
  if (!LABELS.test(host) || /^[\d.]+$/u.test(host)) return 'undecided';
  return said(matchHost(host, constraint.toLowerCase()));
}

function matchAddress(address: Uint8Array, base: Uint8Array): SubtreeMatch {
  if (address.length !== 4 && address.length !== 16) return 'undecided';
  if (base.length !== 2 * address.length) return 'outside';
  return said(
    address.every((octet, index) => {
      const mask = base[address.length + index] ?? 0;
      return (octet & mask) === ((base[index] ?? 0) & mask);
    }),
  );
}

/** `host` is that host alone, `.domain` everything below and not the domain itself. */
function matchHost(host: string, constraint: string): boolean {
  return constraint.startsWith('.') ? host.endsWith(constraint) : host === constraint;
}

function isWithin(name: string, domain: string): boolean {
  return name === domain || name.endsWith(`.${domain}`);
}

function said(inside: boolean): SubtreeMatch {
  return inside ? 'inside' : 'outside';
}
