import type { Instant } from '../zone/instant.js';

/** A file of an archive: its name has no folder in it. */
export interface ArchivedFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Puts files into one. */
export interface Archive {
  /** A ZIP file of these, each with the instant as its date. Throws `bug` for a name with a folder in it. */
  zip(files: readonly ArchivedFile[], at: Instant): Uint8Array;
}
