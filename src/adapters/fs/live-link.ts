import { join } from 'node:path';
import { generationName } from './generation-number.js';
import { freshName, undoing } from './durable-write.js';
import { LIVE, readLive } from './read-live.js';
import type { ZoneFs } from './zone-fs.js';

/**
 * Points `live` at a generation by one rename, durable when it returns; when it fails, as before.
 * Returns where it pointed before.
 */
export function pointLive(fs: ZoneFs, security: string, number: number): number | undefined {
  const before = readLive(fs, security);
  if (before === number) {
    // The run that switched may have died before the sync.
    fs.syncFolder(security);
    return before;
  }
  undoing(
    () => {
      swapLink(fs, security, number);
      fs.syncFolder(security);
    },
    () => {
      fs.removeFile(join(security, freshName(LIVE)));
      if (before !== undefined && readLive(fs, security) !== before) swapLink(fs, security, before);
      if (before === undefined) fs.removeFile(join(security, LIVE));
    },
  );
  return before;
}

/** Removes `live`, durable when it returns; harmless when it is gone. */
export function removeLive(fs: ZoneFs, security: string): void {
  if (readLive(fs, security) !== undefined) fs.removeFile(join(security, LIVE));
  fs.syncFolder(security);
}

function swapLink(fs: ZoneFs, security: string, number: number): void {
  const fresh = join(security, freshName(LIVE));
  if (fs.inspect(fresh) !== undefined) fs.removeFile(fresh);
  fs.makeLink(`generations/${generationName(number)}`, fresh);
  fs.rename(fresh, join(security, LIVE));
}
