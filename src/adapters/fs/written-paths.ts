/** What is to be synced: the folders with the files in them, and what was renamed, with all below it. */
export interface WrittenPaths {
  readonly folders: readonly string[];
  readonly renamed: readonly string[];
}
