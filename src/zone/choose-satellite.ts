import { ZmintError } from '../errors.js';
import { dnsPatternCovers } from './dns-name.js';
import { findServer } from './member-path.js';
import type { Member } from './member.js';

/**
 * The satellite that a command means: the one that was named; else the only one of the zone; else
 * the only one whose DNS name the certificate covers. Throws `unknown-member`, `ambiguous-member`, or
 * `usage` when it must be named.
 *
 * @param dnsNames - those of the certificate that was given; empty when there is none
 */
export function chooseSatellite(
  members: readonly Member[],
  word: string | null,
  dnsNames: readonly string[],
): Member {
  if (word !== null) return requireSatellite(findServer(members, word));
  const satellites = members.filter((member) => member.kind === 'satellite');
  const covered = satellites.filter((member) =>
    dnsNames.some((pattern) => dnsPatternCovers(pattern.toLowerCase(), member.dnsName ?? '')),
  );
  const [only, another] = satellites.length === 1 ? satellites : covered;
  if (only !== undefined && another === undefined) return only;
  if (satellites.length === 0) {
    throw new ZmintError('unknown-member', 'the zone has no satellite', {
      hint: 'zmint server add NAME --dns FQDN --kind satellite',
    });
  }
  const names = satellites.map((member) => member.name).join(', ');
  throw new ZmintError('usage', `which satellite is meant? (${names})`, {
    hint: 'put its name behind the command',
  });
}

function requireSatellite(member: Member): Member {
  if (member.kind === 'satellite') return member;
  throw new ZmintError('unknown-member', `${member.path} is a Primary Server, not a satellite`, {
    hint: `zmint ssl remint ${member.name}, or zmint sacert for a certificate from outside`,
  });
}
