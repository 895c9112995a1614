import { join } from 'node:path';
import { WriterLock, type Holder } from './writer-lock.js';

/**
 * Who is changing the zone in this folder; undefined: nobody. Waits for nothing. Throws
 * `unsafe-path` for a lock file that others could change, and what `WriterLock.findHolder` throws.
 */
export function findWriter(zoneHome: string): Holder | undefined {
  return WriterLock.findHolder(join(zoneHome, 'lock.db'));
}
