import { ZmintError } from '../errors.js';
import { isSubordinate } from './authority.js';
import { awaitedAuthority } from './authority-request.js';
import { TAKE_AUTHORITY } from './no-active-authority.js';
import type { RemintRequest } from './remint-plan.js';
import { activeAuthority, type ZoneSnapshot } from './zone-snapshot.js';

/**
 * Throws `operation-pending` for another CA while the certificate of a requested one is awaited, and
 * `policy` for a remint of a subordinate CA, which only the CA above it can sign.
 */
export function refuseAwaited(snapshot: ZoneSnapshot, { change }: RemintRequest): void {
  if (change?.to === 'subordinate') return;
  refuseWhileAwaited(snapshot);
  const active = activeAuthority(snapshot);
  if (change !== undefined || active === undefined || !isSubordinate(active)) return;
  throw new ZmintError(
    'policy',
    'the CA of this zone is a subordinate one and cannot sign itself',
    {
      hint: 'zmint ca change --to internal --subordinate requests its next certificate',
    },
  );
}

/** Throws `operation-pending` while the certificate of a requested CA is awaited. */
export function refuseWhileAwaited({
  authorityRequests,
}: Pick<ZoneSnapshot, 'authorityRequests'>): void {
  const awaited = awaitedAuthority(authorityRequests);
  if (awaited === undefined) return;
  const { generation, subject } = awaited;
  throw new ZmintError(
    'operation-pending',
    `a CA waits for its certificate: ${subject} is to be signed by a CA above it`,
    { hint: `${TAKE_AUTHORITY}, or zmint ssl cancel`, details: { generation, subject } },
  );
}
