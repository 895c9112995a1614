import { dirname } from 'node:path';
import { ZmintError, type ErrorCode } from '../../errors.js';
import { shellWord } from '../../zone/shell-word.js';

interface Meaning {
  readonly code: ErrorCode;
  readonly words: string;
  readonly hint: (place: Place) => string;
}

interface Place {
  readonly path: string;
  /** What holds it, or would hold it. */
  readonly folder: string;
}

const space = ({ folder }: Place): string => `df -h ${shellWord(folder)}`;
const mount = ({ folder }: Place): string => `findmnt -T ${shellWord(folder)}`;
const look = ({ path, folder }: Place): string =>
  `ls -ld ${[...new Set([folder, path])].map(shellWord).join(' ')}`;

const MEANINGS: ReadonlyMap<string, Meaning> = new Map<string, Meaning>([
  ['ENOSPC', { code: 'storage', words: 'the disk is full', hint: space }],
  ['EDQUOT', { code: 'storage', words: 'the disk quota is used up', hint: space }],
  ['EROFS', { code: 'storage', words: 'the file system is read-only', hint: mount }],
  ['EIO', { code: 'storage', words: 'the disk reports an error', hint: mount }],
  ['EFBIG', { code: 'storage', words: 'the file would be too large', hint: () => 'ulimit -f' }],
  ['ENAMETOOLONG', { code: 'storage', words: 'the name is too long', hint: mount }],
  ['EMFILE', { code: 'storage', words: 'too many files are open', hint: () => 'ulimit -n' }],
  ['ENFILE', { code: 'storage', words: 'too many files are open', hint: () => 'ulimit -n' }],
  ['ENOENT', { code: 'not-found', words: 'it is not there', hint: look }],
  ['EACCES', { code: 'unsafe-path', words: 'permission is denied', hint: look }],
  ['EPERM', { code: 'unsafe-path', words: 'the system does not permit it', hint: look }],
  ['ELOOP', { code: 'unsafe-path', words: 'a symbolic link stands there', hint: look }],
  ['ENOTDIR', { code: 'unsafe-path', words: 'a part of the path is not a folder', hint: look }],
  ['EISDIR', { code: 'unsafe-path', words: 'a folder stands there', hint: look }],
  ['EEXIST', { code: 'unsafe-path', words: 'something stands there already', hint: look }],
  ['ENOTEMPTY', { code: 'unsafe-path', words: 'the folder is not empty', hint: look }],
  ['ENXIO', { code: 'unsafe-path', words: 'it is not a regular file', hint: look }],
]);

/** The `code` of an error of the operating system; undefined for every other error. */
export function errnoOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/**
 * What the operating system refused, in words: `storage` when the disk cannot, `unsafe-path` when
 * something stands in the way or is not permitted, `not-found` when there is nothing.
 *
 * @param folder - where to look; the path itself where that is a folder to be written in
 */
export function fileError(
  error: unknown,
  action: string,
  path: string,
  folder = dirname(path),
): unknown {
  const errno = errnoOf(error);
  if (errno === undefined || error instanceof ZmintError) return error;
  const meaning = MEANINGS.get(errno) ?? {
    code: 'storage',
    words: `the system reports ${errno}`,
    hint: look,
  };
  return new ZmintError(meaning.code, `cannot ${action} ${path}: ${meaning.words}`, {
    hint: meaning.hint({ path, folder }),
    details: { path, errno },
    cause: error,
  });
}
