import type { Seconds } from '../zone/instant.js';

export interface ReloadResult {
  /** 0 when it worked; null when it was killed by a signal or the time limit. */
  readonly exitCode: number | null;
  readonly timedOut: boolean;
  /** The last 4 KiB of its output, both streams, as text from outside. */
  readonly output: string;
}

/** The services that read a member's files. */
export interface Services {
  /**
   * Runs the reload command by `/bin/sh -c`, with nothing on standard input and no secret in its
   * environment; ends it with its children when the limit has passed. Never throws for what the
   * command does.
   */
  reload(command: string, limit: Seconds): Promise<ReloadResult>;
}
