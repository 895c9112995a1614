import { lstatSync, type Stats } from 'node:fs';
import process from 'node:process';
import { ZmintError } from '../../errors.js';
import { fileError } from '../fs/file-error.js';
import { shellWord } from '../../zone/shell-word.js';

/**
 * Whether the database file is there and safe to open, by its name alone: opening it through
 * node:fs would drop the locks that SQLite holds on it. Throws `unsafe-path` when it is a link, not
 * a file, another user's or open to others.
 */
export function hasDatabaseFile(path: string): boolean {
  const facts = inspect(path);
  if (facts === undefined) return false;
  if (!facts.isFile()) throw unsafe(path, 'is not a regular file', 'ls -ld');
  const own = process.geteuid?.();
  if (own !== undefined && facts.uid !== own) {
    throw unsafe(path, `belongs to user ${facts.uid}, not to ${own}`, 'ls -l');
  }
  if ((facts.mode & 0o077) === 0) return true;
  throw unsafe(path, `is open to others (mode ${(facts.mode & 0o7777).toString(8)})`, 'chmod 600');
}

/** Which file has this name now; undefined: none. */
export function fileIdentity(path: string): string | undefined {
  const facts = inspect(path);
  return facts === undefined ? undefined : `${facts.dev} ${facts.ino}`;
}

/** Whether a file is there that has content. */
export function hasContent(path: string): boolean {
  return (inspect(path)?.size ?? 0) > 0;
}

function inspect(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw fileError(error, 'look at', path);
  }
}

function unsafe(path: string, fact: string, command: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `${command} ${shellWord(path)}`,
    details: { path },
  });
}
