import type { Instant } from '../zone/instant.js';

/** What a backup holds, by name: files, and for the link `live` of a server where it leads to. */
export type BackupFiles = ReadonlyMap<string, Uint8Array>;

/** One file in the age format around a ZIP archive: `docs/reference/backup-file.md`. */
export interface BackupBox {
  /** The bytes of a backup file. Throws `bug` for a name that cannot stand in a backup. */
  seal(files: BackupFiles, passphrase: Uint8Array, at: Instant): Promise<Uint8Array>;
  /**
   * What `seal` put in; `name` is told in errors. Throws `wrong-passphrase`; `unreadable` for a file that
   * asks for more work than any age tool writes, before that is done (I-23); and `damaged` for every
   * other bytes than those that `seal` made.
   */
  open(bytes: Uint8Array, passphrase: Uint8Array, name: string): Promise<BackupFiles>;
}

/** Where backup files are kept: anywhere outside of the zone home. */
export interface BackupShelf {
  /** Whether anything has that name. */
  exists(path: string): Promise<boolean>;
  /** Whether a file of that path is below the folder, also through links. */
  liesIn(path: string, folder: string): Promise<boolean>;
  /**
   * Writes the bytes beside the path, 0600 and durable, and returns what is read back from disk.
   * Throws `storage`; what an earlier run left there is replaced.
   */
  write(path: string, bytes: Uint8Array): Promise<Uint8Array>;
  /** Gives what was written its name, durable. Throws `policy` when something has that name. */
  keep(path: string): Promise<void>;
  /** Removes what was written beside the path; harmless when it is gone. */
  drop(path: string): Promise<void>;
  /** Throws `not-found`, `unreadable`. */
  read(path: string): Promise<Uint8Array>;
}
