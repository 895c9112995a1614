import { ZmintError } from '../errors.js';
import type { Member } from './member.js';
import { activeAuthority, type ZoneSnapshot } from './zone-snapshot.js';

/**
 * Why a satellite without a certificate cannot be configured: in a zone with an external CA it must
 * be given one from that CA (`policy`); in a zone with its own CA it can get one (`not-found`).
 */
export function refuseWithoutCertificate(snapshot: ZoneSnapshot, member: Member): ZmintError {
  const { name } = member;
  if (activeAuthority(snapshot)?.kind !== 'external') {
    return new ZmintError('not-found', `${name} has no certificate that could be used again`, {
      hint: `zmint rsc ${name}`,
    });
  }
  return new ZmintError(
    'policy',
    `${name} has no certificate: in a zone with an external CA a satellite must have one of that CA`,
    { hint: `zmint iac ${name} -pk KEY -c CERTIFICATE -ca CA, or -ks STORE -a ALIAS` },
  );
}
