import { dirname } from 'node:path';
import type { PathSafety } from './path-safety.js';
import type { ZoneFs } from './zone-fs.js';

/**
 * Creates the folder, 0700 and durable, with all above it that are missing; what is there is judged
 * as `PathSafety.hasAnchor` says.
 */
export function makeAnchor(fs: ZoneFs, safety: PathSafety, folder: string): void {
  const parent = dirname(folder);
  if (!safety.hasAnchor(folder)) {
    if (fs.inspect(parent) === undefined) makeAnchor(fs, safety, parent);
    fs.makeFolder(folder);
    fs.syncFolder(parent);
  } else if (fs.inspect(parent)?.uid === fs.ownUid()) {
    // The run that made it may have died before the sync; a stranger's folder may be unreadable.
    fs.syncFolder(parent);
  }
}
