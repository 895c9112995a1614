import type { Instant } from '../zone/instant.js';

/** How many digits of a fingerprint a line shows. */
export const SHOWN_DIGITS = 16;

/** Servers one after another whose certificates in use are valid at the same times. */
export interface ShortRun {
  /** null: they have no certificate. */
  readonly life: { readonly notBefore: Instant; readonly notAfter: Instant } | null;
  /** How many columns the names take. */
  readonly width: number;
  /**
   * A line for each server, ended by a line break: its name, padded with spaces to the width, a
   * tabulator, and the first digits of the certificate's fingerprint. Names are ASCII, as those of hosts.
   */
  readonly lines: string;
}

/**
 * Servers that follow each other by path, with no more than a short line shows, so that a hundred
 * thousand are read in a moment. All of it is from rows that were checked.
 */
export interface ShortLines {
  readonly runs: readonly ShortRun[];
  /** The path behind which the next ones are; null: these were the last. */
  readonly last: string | null;
}
