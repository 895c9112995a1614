import type { Instant, Seconds } from '../zone/instant.js';

/** The wall clock. It may step in both directions between two calls. */
export interface Clock {
  now(): Instant;
  /** Waits so long by a clock that does not step; used only for short waits within one command. */
  sleep(seconds: Seconds): Promise<void>;
}
