/** Where a walk over the parts of an operation has got to. */
export interface PartCursor {
  readonly order: number;
  readonly memberId: string;
}

/**
 * Which parts of an operation a step is about. The rows say so by themselves; parts of members that
 * have left the zone belong to `all` only.
 *
 * - `in-zone`: all others;
 * - `unminted`: a certificate is planned and not made, `unminted-failed`: and was tried before;
 * - `minted`: a certificate is made;
 * - `unstaged`: the wider trust is to be spread to it and was not seen there;
 * - `unassigned`: nothing has been said of its update yet;
 * - `open`: it should serve its future set and does not, without those that were waived;
 * - `begun`: its switch was recorded and has not been seen to end;
 * - `active`: it was seen to serve its future set, `switched`: and gets a certificate;
 * - `held`: it was rolled back and waits for a person;
 * - `narrowing`: the old root is to leave it;
 * - `probed`: its trust was proved, and a probe can look at it;
 * - `failed`: it has a problem;
 * - `unproved`: it has not proved the new trust or waits for a certificate, and was not waived;
 *   `waived`: it was;
 * - `planned`: it gets a certificate, `changing`: it gets a future set, `device`: it only trusts.
 */
export type PartSelection =
  | 'all'
  | 'in-zone'
  | 'planned'
  | 'changing'
  | 'device'
  | 'unminted'
  | 'unminted-failed'
  | 'minted'
  | 'unstaged'
  | 'unassigned'
  | 'open'
  | 'begun'
  | 'active'
  | 'switched'
  | 'held'
  | 'narrowing'
  | 'probed'
  | 'failed'
  | 'unproved'
  | 'waived';
