import { awaitedAuthority, type AuthorityRequest } from './authority-request.js';
import type { Custody, Zone } from './zone.js';

/** Who holds the CA keys of a zone, and how they are locked. */
export interface KeyHolder {
  /** Null: nobody, the CA is external. */
  readonly memberId: string | null;
  readonly custody: Custody;
}

/** Under an external CA: of the CA that is to take over from it, while that one waits. */
export function keyHolder(
  { custody, caMemberId }: Pick<Zone, 'custody' | 'caMemberId'>,
  requests: readonly AuthorityRequest[],
): KeyHolder {
  const awaited = awaitedAuthority(requests);
  if (custody !== 'external' || awaited === undefined) return { memberId: caMemberId, custody };
  return { memberId: awaited.keyMemberId, custody: awaited.custody };
}
