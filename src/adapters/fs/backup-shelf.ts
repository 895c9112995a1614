import { dirname } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { BackupShelf } from '../../ports/backup-box.js';
import { requireSame } from './durable-write.js';
import { liesIn } from './lies-in.js';
import { shellWord } from '../../zone/shell-word.js';
import { settle } from './settle.js';
import type { ZoneFs } from './zone-fs.js';

/** The most bytes of a backup: its whole content is held in memory at once. */
const LIMIT = 2 ** 31;

/** Backup files of this machine's file system; what is not proved yet is called `<file>.partial`. */
export function createBackupShelf(fs: ZoneFs): BackupShelf {
  const partial = (path: string): string => `${path}.partial`;
  return {
    exists: (path) => settle(() => fs.inspect(path) !== undefined),
    liesIn: (path, folder) => settle(() => liesIn(path, folder)),
    write: (path, bytes) =>
      settle(() => {
        fs.removeFile(partial(path));
        fs.writeNew(partial(path), bytes);
        requireSame(fs, partial(path), bytes);
        return fs.readBounded(partial(path), LIMIT)?.bytes ?? new Uint8Array();
      }),
    keep: (path) =>
      settle(() => {
        if (fs.inspect(path) !== undefined) {
          throw new ZmintError('policy', `${path} is there already`, {
            hint: 'choose another name: a backup never replaces an earlier one',
            details: { path },
          });
        }
        fs.rename(partial(path), path);
        fs.syncFolder(dirname(path));
      }),
    drop: (path) =>
      settle(() => {
        fs.removeFile(partial(path));
      }),
    read: (path) =>
      settle(() => {
        const content = fs.readBounded(path, LIMIT);
        if (content !== undefined) return content.bytes;
        throw new ZmintError('not-found', `the backup ${path} is not there`, {
          hint: `ls -l ${shellWord(dirname(path))}`,
          details: { path },
        });
      }),
  };
}
