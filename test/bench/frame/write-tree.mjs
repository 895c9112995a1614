// node write-tree.mjs LIST FOLDER: writes the folders and files of a list (JSON of added-tree)
// plainly, in the order of the list, with bytes of no meaning, and has them put on the disk once.
// This is the least that any program needs for that tree.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [, , list, folder] = process.argv;
const bytes = Buffer.alloc(1024 * 1024, 'A');
for (const { kind, path, size, mode } of JSON.parse(readFileSync(list, 'utf8'))) {
  const full = join(folder, path);
  if (kind === 'folder') mkdirSync(full, { mode: 0o700 });
  else if (kind === 'link') symlinkSync('nowhere', full);
  else writeFileSync(full, bytes.subarray(0, size), { mode, flag: 'wx' });
}
execFileSync('sync', ['-f', folder]);
