import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { isBackupName, isLiveLink, isLiveTarget } from '../../zone/backup-entry.js';
import type { PathSafety } from './path-safety.js';
import { shellWord } from '../../zone/shell-word.js';
import type { ZoneFs } from './zone-fs.js';

/** More than any file that zmint writes beside its database. */
const FILE_LIMIT = 64 * 1024 * 1024;

/** What a tree of files is read with. */
export interface TreeReading {
  readonly fs: ZoneFs;
  readonly safety: PathSafety;
  /** Names that are passed over, with all below them. */
  readonly leaveOut: (name: string) => boolean;
}

/**
 * All files below a folder by their names in a backup, of the link `live` where it leads to. Names
 * that zmint never writes are passed over. Throws `unsafe-path` for other links, for what belongs to
 * someone else, and for what others can write.
 */
export function readTree(
  reading: TreeReading,
  folder: string,
  prefix = '',
): ReadonlyMap<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  for (const entry of reading.fs.list(folder) ?? []) {
    const name = `${prefix}${entry}`;
    if (reading.leaveOut(name)) continue;
    const path = join(folder, entry);
    if (reading.fs.inspect(path)?.kind === 'folder') {
      reading.safety.hasFolder(path);
      for (const [each, bytes] of readTree(reading, path, `${name}/`)) files.set(each, bytes);
    } else if (isBackupName(name)) {
      files.set(name, isLiveLink(name) ? readTarget(reading.fs, path) : readOne(reading, path));
    }
  }
  return files;
}

function readOne({ fs, safety }: TreeReading, path: string): Uint8Array {
  const facts = fs.inspect(path);
  if (facts !== undefined) safety.requireFile(path, facts);
  const content = fs.readBounded(path, FILE_LIMIT);
  if (content === undefined) throw strange(path, 'has just vanished');
  safety.requireFile(path, content.facts);
  return content.bytes;
}

function readTarget(fs: ZoneFs, path: string): Uint8Array {
  if (fs.inspect(path)?.kind !== 'link') throw strange(path, 'is not a symbolic link');
  const target = fs.readLink(path);
  if (isLiveTarget(target)) return Buffer.from(target);
  throw strange(path, `points to ${target}, which is no generation`);
}

function strange(path: string, fact: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `ls -ld ${shellWord(path)}`,
    details: { path },
  });
}
