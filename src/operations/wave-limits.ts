/** How many members go at a time when an operation switches them. */
export interface WaveLimits {
  /** Of those that are reloaded or looked at: the first wave of a rank, and each wave after a bad one. */
  readonly first: number;
  /** Of those that are reloaded or looked at: each wave after one in which most took their set. */
  readonly served: number;
  /** Of those whose files are all there is to see. */
  readonly files: number;
  /** Reload commands that run at the same time. */
  readonly reloads: number;
}

/**
 * The limits of a real run. A wave is at risk together until its looks are over, so a few servers
 * go before many; more than 64 at a time gains little, as a sync and a commit for each wave cost
 * a tenth of its handshakes. Sixteen reload commands keep a small machine busy without starving
 * the services that they reload.
 */
export const WAVE_LIMITS: WaveLimits = { first: 8, served: 64, files: 1000, reloads: 16 };
