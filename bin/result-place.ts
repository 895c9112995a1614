import { accessSync, constants, statSync, type Stats } from 'node:fs';
import { dirname } from 'node:path';
import { errnoOf, fileError } from '../src/adapters/fs/file-error.js';
import { shellWord } from '../src/index.js';
import { ZmintError } from '../src/errors.js';

/** What of a result the command line names: one file, or the folder for several. */
export type PlaceKind = 'file' | 'folder';

/**
 * Judges the place of a result before anything is done for it. Throws `usage` when its folder is not
 * there or is none, or something that is no regular file has the name of the file; `storage` when
 * the folder cannot be written to.
 */
export function requirePlace(path: string, kind: PlaceKind): void {
  const folder = kind === 'folder' ? path : dirname(path);
  requireFolder(folder, kind === 'folder' ? 'mkdir -p -m 700' : 'mkdir -p');
  if (kind === 'file') requireNoOther(path);
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
  } catch (error) {
    throw cannotWrite(error, path, folder);
  }
}

/** An error of the operating system as `storage`, in words; any other as it is. */
export function cannotWrite(error: unknown, path: string, folder = dirname(path)): unknown {
  const told = error instanceof ZmintError ? error : fileError(error, 'write to', path, folder);
  if (!(told instanceof ZmintError) || told === error) return told;
  const { message, details, hint } = told;
  const known = hint === undefined ? {} : { hint };
  return new ZmintError('storage', message, { ...known, details, cause: error });
}

function requireFolder(folder: string, makeIt: string): void {
  const facts = look(folder);
  if (facts?.isDirectory() === true) return;
  if (facts !== undefined) throw misplaced(`${folder} is a file, not a folder`, folder);
  throw new ZmintError('usage', `the folder ${folder} is not there`, {
    hint: `${makeIt} ${shellWord(folder)}`,
    details: { path: folder },
  });
}

/** A rename would put a regular file in the place of a device, such as /dev/null. */
function requireNoOther(path: string): void {
  const facts = look(path);
  if (facts === undefined || facts.isFile()) return;
  const what = facts.isDirectory() ? 'is a folder, not a file' : 'is no regular file';
  throw misplaced(`${path} ${what}`, path);
}

function look(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (errnoOf(error) === 'ENOTDIR')
      throw misplaced(`${path}: a part of the path is not a folder`, dirname(path));
    throw cannotWrite(error, path);
  }
}

function misplaced(message: string, path: string): ZmintError {
  return new ZmintError('usage', message, {
    hint: `ls -ld ${shellWord(path)}`,
    details: { path },
  });
}
