import { join } from 'node:path';
import type { RequestFiles } from '../../ports/member-homes.js';
import type { SafeFolders } from './safe-folders.js';

/** A key that waits with its request, judged; undefined when a file is missing or empty. */
export function readRequestFiles(folders: SafeFolders, folder: string): RequestFiles | undefined {
  const key = folders.readFile(join(folder, 'key.der'), 'secret')?.bytes;
  const csr = folders.readFile(join(folder, 'server.csr'), 'public')?.bytes;
  if (key === undefined || csr === undefined || key.length === 0 || csr.length === 0)
    return undefined;
  return { 'key.der': key, 'server.csr': csr };
}
