import { dirname } from 'node:path';
import type { WrittenPaths } from './written-paths.js';
import type { ZoneFs } from './zone-fs.js';

/** A ZoneFs whose writes survive a power cut only once `flush` has returned. */
export interface DeferredZoneFs extends ZoneFs {
  /**
   * Makes everything durable that was written, renamed or removed since the last flush. Throws
   * `storage`; then none of it may be relied on, and it is not tried again on what failed (I-17).
   */
  flush(): Promise<void>;
  /** What the next flush would make durable; from then on somebody else has to. */
  take(): WrittenPaths;
  /** What somebody else has written: the next flush makes it durable too. */
  adopt(written: WrittenPaths): void;
}

/**
 * The same verbs without a sync for each: what has to be synced is remembered, and one `syncAll`
 * does it for thousands of files. In between, every process sees what was written; a crash of this
 * process loses nothing, a power cut may lose any of it in any order. So nothing may be recorded
 * that relies on it before the flush.
 */
export function deferredZoneFs(fs: ZoneFs): DeferredZoneFs {
  const folders = new Set<string>();
  const renamed = new Set<string>();
  const take = (): WrittenPaths => {
    const what = { folders: [...folders], renamed: [...renamed] };
    folders.clear();
    renamed.clear();
    return what;
  };
  return {
    ...fs,
    writeNew: (path, bytes) => {
      fs.writeUnsynced(path, bytes);
      folders.add(dirname(path));
    },
    syncFolder: (path) => {
      folders.add(path);
    },
    rename: (from, to) => {
      fs.rename(from, to);
      // What lay under the old name is found under the new one when it comes to syncing.
      folders.delete(from);
      renamed.add(to);
    },
    take,
    adopt: (written) => {
      for (const path of written.folders) folders.add(path);
      for (const path of written.renamed) renamed.add(path);
    },
    flush: async () => {
      const what = take();
      if (what.folders.length + what.renamed.length > 0) await fs.syncAll(what);
    },
  };
}
