import { dirname, join } from 'node:path';
import type { BackupFiles } from '../../ports/backup-box.js';
import { isLiveLink } from '../../zone/backup-entry.js';
import { requireSame } from './durable-write.js';
import type { ZoneFs } from './zone-fs.js';

/** Writes files and links below a folder that is there, makes all of it durable, reads it back. */
export async function writeTree(fs: ZoneFs, folder: string, files: BackupFiles): Promise<void> {
  const made = new Set([folder]);
  for (const [name, bytes] of files) {
    const path = join(folder, name);
    makeFolders(fs, dirname(path), made);
    if (isLiveLink(name)) fs.makeLink(Buffer.from(bytes).toString('latin1'), path);
    else fs.writeUnsynced(path, bytes);
  }
  await fs.syncAll({ folders: [...made], renamed: [] });
  for (const [name, bytes] of files) {
    if (!isLiveLink(name)) requireSame(fs, join(folder, name), bytes);
  }
}

/** Removes whatever has this name, with all below it; harmless when it is gone. Links are not followed. */
export function removeTree(fs: ZoneFs, path: string): void {
  if (fs.inspect(path)?.kind !== 'folder') {
    fs.removeFile(path);
    return;
  }
  for (const name of fs.list(path) ?? []) removeTree(fs, join(path, name));
  fs.removeFolder(path);
}

function makeFolders(fs: ZoneFs, folder: string, made: Set<string>): void {
  if (made.has(folder)) return;
  makeFolders(fs, dirname(folder), made);
  fs.makeFolder(folder);
  made.add(folder);
}
