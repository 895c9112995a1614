/** Files of trusted certificates outside of the zone home: those of agents, and of whoever reads PEM. */
export interface TrustFiles {
  /**
   * The bytes of a regular file, links followed; undefined when nothing is there. Throws
   * `unreadable` for more than 4 MiB and for what is no file, `unsafe-path` when it may not be read.
   */
  read(path: string): Promise<Uint8Array | undefined>;
  /** The names in a folder, sorted by code unit; undefined when it is not there. */
  list(path: string): Promise<readonly string[] | undefined>;
  /**
   * Makes the file hold these bytes, 0644: written under another name, synced, read back, renamed,
   * the folder synced. A reader sees the old file or the new one, after a crash too. Two at a time
   * do not disturb each other. Throws `storage` or `unsafe-path`, also for a symbolic link; then
   * the file is as before.
   */
  replace(path: string, bytes: Uint8Array): Promise<void>;
}
