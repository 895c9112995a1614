import { lstatSync, readdirSync } from 'node:fs';
import { join, relative } from 'node:path';

/**
 * What is below `after` and not below `before`: folders, files with their bytes and modes, links,
 * each by its path from the top. A database that grew is not new and does not count.
 */
export function addedTree(before, after) {
  const old = new Set(walk(before).map(({ path }) => path));
  return walk(after).filter(({ path }) => !old.has(path));
}

function walk(top, folder = top) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    const path = relative(top, full);
    if (entry.isDirectory()) return [{ kind: 'folder', path }, ...walk(top, full)];
    if (entry.isSymbolicLink()) return [{ kind: 'link', path }];
    const { size, mode } = lstatSync(full);
    return [{ kind: 'file', path, size, mode: mode & 0o777 }];
  });
}
