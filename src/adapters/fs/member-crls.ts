import { join } from 'node:path';
import type { CrlsWritten } from '../../ports/member-homes.js';
import { replaceFiles, sameBytes } from './durable-write.js';
import type { SafeFolders } from './safe-folders.js';
import type { ZoneFs } from './zone-fs.js';

const SECURITY = 'security';
const CRLS = 'crl.pem';

/** As `MemberHomes.writeCrls`. */
export function writeMemberCrls(
  fs: ZoneFs,
  folders: SafeFolders,
  home: string,
  pem: Uint8Array,
): CrlsWritten {
  const security = folders.find(home, SECURITY);
  if (security === undefined) return 'none';
  const present = folders.readFile(join(security, CRLS), 'crls')?.bytes;
  if (present === undefined || !sameBytes(present, pem)) {
    replaceFiles(fs, security, { [CRLS]: pem });
    return 'changed';
  }
  // The run that wrote it may have died before the sync.
  fs.syncFolder(security);
  return 'same';
}

/** As `MemberHomes.readCrls`. */
export function readMemberCrls(folders: SafeFolders, home: string): Uint8Array | undefined {
  const security = folders.find(home, SECURITY);
  if (security === undefined) return undefined;
  return folders.readFile(join(security, CRLS), 'crls')?.bytes;
}
