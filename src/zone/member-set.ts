import type { Fingerprint } from './fingerprint.js';
import type { Instant } from './instant.js';

/**
 * Why a set exists. `first`: with the member. `trust`: the current certificate under the wider
 * trust of a running CA operation. `future`: the successor. `narrowed`: the current certificate
 * after the old root has left. `placed`: put by a person outside of an operation; while it is
 * `ready`, `live` is on its way to it.
 */
export type SetPurpose = 'first' | 'trust' | 'future' | 'narrowed' | 'placed';

/** `planned`: recorded, perhaps partly on disk. `ready`: on disk, read back and checked. */
export type SetState = 'planned' | 'ready' | 'live' | 'previous' | 'retired' | 'discarded';

/** One folder `security/generations/<number>` of a member: what must be in it, by fingerprint. */
export interface MemberSet {
  readonly memberId: string;
  /** 1, 2, 3 … for each member, never reused. */
  readonly number: number;
  readonly purpose: SetPurpose;
  readonly state: SetState;
  /** The server's own certificate; null for a device, which only trusts. */
  readonly leaf: Fingerprint | null;
  /** What is sent behind the leaf, in order. */
  readonly chain: readonly Fingerprint[];
  /** The roots in `ca.cert`, in order. */
  readonly trust: readonly Fingerprint[];
  readonly operationId: string | null;
  readonly createdAt: Instant;
}
