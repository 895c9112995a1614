import type { Instant } from './instant.js';

/**
 * A move of the CA role that was begun and is not over: it says where copies of CA keys lie that
 * nobody needs. There is at most one.
 */
export interface CaMove {
  readonly fromMemberId: string;
  readonly toMemberId: string;
  /** Absolute folders: a member may be gone, or have another home, when the move is settled. */
  readonly fromHome: string;
  readonly toHome: string;
  /** `copying`: the role is where it was, the copies are at the new home. `erasing`: it has moved, they are at the old one. */
  readonly state: 'copying' | 'erasing';
  /** The generations whose folders move, ascending. */
  readonly generations: readonly number[];
  readonly startedBy: string;
  readonly startedAt: Instant;
}
