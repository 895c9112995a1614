import type { Stats } from 'node:fs';

/** What is known of a name in a folder, without following a link. */
export interface EntryFacts {
  readonly kind: 'file' | 'folder' | 'link' | 'other';
  /** The permission bits with set-id and sticky bits: `mode & 0o7777`. */
  readonly mode: number;
  readonly uid: number;
  /** Hard links. */
  readonly links: number;
  readonly size: number;
  /**
   * Milliseconds since 1970 when content or attributes last changed (ctime): unlike the time of
   * modification it cannot be carried over by a copy.
   */
  readonly changedAt: number;
}

export interface FileContent {
  readonly bytes: Uint8Array;
  /** Of the descriptor that was read, so that nobody can exchange the file in between. */
  readonly facts: EntryFacts;
}

/** Of what the system tells. */
export function factsOf(stats: Stats): EntryFacts {
  return {
    kind: kindOf(stats),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    links: stats.nlink,
    size: stats.size,
    changedAt: stats.ctimeMs,
  };
}

function kindOf(stats: Stats): EntryFacts['kind'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'folder';
  return stats.isSymbolicLink() ? 'link' : 'other';
}
