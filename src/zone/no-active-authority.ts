import { ZmintError } from '../errors.js';
import { awaitedAuthority } from './authority-request.js';
import type { ZoneSnapshot } from './zone-snapshot.js';

/** The command that takes the certificate of a subordinate CA. */
export const TAKE_AUTHORITY = 'zmint ssl import FILE';

/**
 * Why no CA issues: its certificate is awaited (`operation-pending`), or the records are `damaged`.
 */
export function noActiveAuthority({
  authorityRequests,
}: Pick<ZoneSnapshot, 'authorityRequests'>): ZmintError {
  const awaited = awaitedAuthority(authorityRequests);
  if (awaited === undefined)
    return new ZmintError('damaged', 'the zone has no active CA', { hint: 'zmint doctor' });
  const { generation, subject } = awaited;
  return new ZmintError(
    'operation-pending',
    `the CA of the zone waits for its certificate: ${subject} is to be signed by a CA above it`,
    { hint: TAKE_AUTHORITY, details: { generation, subject } },
  );
}
