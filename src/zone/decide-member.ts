import { ZmintError } from '../errors.js';
import { ipAddressOctets, ipAddressText } from '../x509/ip-address.js';
import { parseDnsName, parseDnsPattern } from './dns-name.js';
import type { Instant } from './instant.js';
import {
  isServer,
  MEMBER_KINDS,
  SATELLITE_ROLES,
  type Member,
  type MemberKind,
  type SatelliteRole,
} from './member.js';
import { parseMemberName } from './member-name.js';
import { parseMemberPath } from './member-path.js';
import { parseTarget } from './network-target.js';

/** A member as it was typed; everything that was left out is undefined. */
export interface MemberInput {
  readonly name: string;
  readonly kind?: string | undefined;
  readonly path?: string | undefined;
  readonly dnsName?: string | undefined;
  readonly additionalDnsNames?: readonly string[] | undefined;
  readonly ipAddresses?: readonly string[] | undefined;
  readonly roles?: readonly string[] | undefined;
  readonly home?: string | undefined;
  readonly reload?: string | undefined;
  readonly probe?: string | undefined;
  readonly version?: string | undefined;
}

/**
 * The member that the input describes. Throws `policy` naming the first field that is not well
 * formed, `usage` for a kind or role that does not exist.
 */
export function decideMember(
  input: MemberInput,
  identity: { readonly id: string; readonly addedAt: Instant },
): Member {
  const name = parseMemberName(input.name);
  const kind = parseKind(input.kind ?? 'primary');
  const dnsName = parseOwnName(input, kind);
  const roles = unique((input.roles ?? []).map(parseRole));
  if (roles.length > 0 && kind !== 'satellite') {
    const fact = `${name} is no satellite and cannot have satellite roles`;
    throw new ZmintError('policy', fact, { hint: '--kind satellite' });
  }
  const additional = unique((input.additionalDnsNames ?? []).map(parseDnsPattern));
  return {
    id: identity.id,
    name,
    path: parseMemberPath(input.path ?? null, kind, name),
    kind,
    roles,
    dnsName,
    additionalDnsNames: additional.filter((dns) => dns !== dnsName),
    ipAddresses: unique((input.ipAddresses ?? []).map(parseIpAddress)),
    home: parseHome(input.home),
    reload: parseReload(input.reload),
    probe: parseProbe(input.probe),
    version: parseVersion(input.version),
    addedAt: identity.addedAt,
  };
}

/** A server must have a DNS name, a device may. */
function parseOwnName(input: MemberInput, kind: MemberKind): string | null {
  const text = input.dnsName;
  if (text !== undefined && text !== '') return parseDnsName(text);
  if (kind !== 'primary' && kind !== 'satellite') return null;
  const { name } = input;
  throw new ZmintError('usage', `the DNS name of server "${name}" is missing`, {
    hint: `zmint server add ${name} --dns ${name}.example.com`,
  });
}

function parseProbe(text: string | undefined): string | null {
  return text === undefined || text === '' ? null : parseTarget(text).text;
}

/** The canonical text of an address. Throws `policy` when it is none. */
export function parseIpAddress(text: string): string {
  const octets = ipAddressOctets(text.trim());
  const canonical = octets === undefined ? undefined : ipAddressText(octets);
  if (canonical !== undefined) return canonical;
  throw new ZmintError('policy', `"${text}" is not an IP address`, {
    hint: 'as 192.0.2.7 or 2001:db8::7',
  });
}

/** Throws `member-exists` when the zone has a member of that name or home already. */
export function refuseDuplicates(members: readonly Member[], added: readonly Member[]): void {
  const names = new Set(members.map((member) => member.name));
  const homes = new Map(
    members.flatMap((member) => (member.home === null ? [] : [[member.home, member.name]])),
  );
  for (const member of added) {
    if (names.has(member.name)) {
      throw new ZmintError('member-exists', `the zone has a member "${member.name}" already`, {
        hint: `zmint ${isServer(member) ? 'server' : 'device'} show ${member.name}`,
      });
    }
    const owner = member.home === null ? undefined : homes.get(member.home);
    if (owner !== undefined) {
      throw new ZmintError(
        'member-exists',
        `the home ${member.home ?? ''} belongs to "${owner}" already`,
        {
          hint: 'give each member a home of its own',
        },
      );
    }
    names.add(member.name);
    if (member.home !== null) homes.set(member.home, member.name);
  }
}

function parseKind(text: string): MemberKind {
  const kind = MEMBER_KINDS.find((candidate) => candidate === text.trim().toLowerCase());
  if (kind !== undefined) return kind;
  throw new ZmintError('usage', `there is no kind of member "${text}"`, {
    hint: MEMBER_KINDS.join(', '),
  });
}

function parseRole(text: string): SatelliteRole {
  const role = SATELLITE_ROLES.find((candidate) => candidate === text.trim().toLowerCase());
  if (role !== undefined) return role;
  throw new ZmintError('usage', `there is no satellite role "${text}"`, {
    hint: SATELLITE_ROLES.join(', '),
  });
}

function parseHome(text: string | undefined): string | null {
  if (text === undefined || text === '') return null;
  const parts = text.split('/');
  const clean =
    text.startsWith('/') &&
    text.length > 1 &&
    !parts.includes('..') &&
    !parts.includes('.') &&
    !hasControl(text);
  if (clean) return text.replace(/\/+/gu, '/').replace(/\/$/u, '');
  throw new ZmintError('policy', `the home "${text}" is not a plain absolute path`, {
    hint: 'give a folder such as /srv/web1/tls',
  });
}

function parseReload(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null;
  if (!hasControl(text) && text.length <= 4096) return text.trim();
  throw new ZmintError('policy', 'the reload command has line breaks or control characters', {
    hint: 'put longer commands into a script and name the script',
  });
}

function parseVersion(text: string | undefined): string | null {
  if (text === undefined || text.trim() === '') return null;
  if (text.length <= 64 && !hasControl(text)) return text.trim();
  throw new ZmintError('policy', `"${text.slice(0, 64)}" is no version`, { hint: 'as 23.4.0' });
}

function hasControl(text: string): boolean {
  return /[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u.test(text);
}

function unique<T>(items: readonly T[]): readonly T[] {
  return [...new Set(items)];
}
