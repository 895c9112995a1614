import { realpathSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Whether a file of this path is or would be below the folder, also through links or another mount of
 * the folder: folders are compared as the system tells them apart, not by their names. A folder that
 * cannot be looked at holds nothing.
 */
export function liesIn(path: string, folder: string): boolean {
  const home = identity(folder);
  if (home === undefined) return false;
  for (const each of foldersAbove(path)) if (identity(each) === home) return true;
  return false;
}

/** From the innermost that is there up to the root. */
function* foldersAbove(path: string): Iterable<string> {
  let folder = innermost(dirname(path));
  for (;;) {
    yield folder;
    if (folder === dirname(folder)) return;
    folder = dirname(folder);
  }
}

function innermost(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return folder === dirname(folder) ? folder : innermost(dirname(folder));
  }
}

function identity(folder: string): string | undefined {
  try {
    const { dev, ino } = statSync(folder, { bigint: true });
    return `${dev} ${ino}`;
  } catch {
    return undefined;
  }
}
