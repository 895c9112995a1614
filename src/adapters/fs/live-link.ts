import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { findGeneration, generationName } from './generation-number.js';
import { freshName, undoing } from './durable-write.js';
import { shellWord } from './shell-word.js';
import type { ZoneFs } from './zone-fs.js';

const LIVE = 'live';
const TARGET = /^generations\/([^/]+)$/u;

/**
 * The generation that `live` in this folder points to; undefined when it is not there. Throws
 * `unsafe-path` when it is no link, belongs to someone else or points to anything but
 * `generations/<n>`.
 */
export function readLive(fs: ZoneFs, security: string): number | undefined {
  const path = join(security, LIVE);
  const facts = fs.inspect(path);
  if (facts === undefined) return undefined;
  if (facts.kind !== 'link') throw strange(path, 'is not a symbolic link');
  if (facts.uid !== 0 && facts.uid !== fs.ownUid()) {
    throw strange(path, `belongs to user ${facts.uid}, not to ${fs.ownUid()}`);
  }
  const target = fs.readLink(path);
  const number = findGeneration(TARGET.exec(target)?.[1] ?? '');
  if (number === undefined) throw strange(path, `points to ${target}, which is no generation`);
  return number;
}

/**
 * Points `live` at a generation by one rename, durable when it returns; when it fails, as before.
 * Returns where it pointed before.
 */
export function pointLive(fs: ZoneFs, security: string, number: number): number | undefined {
  const before = readLive(fs, security);
  if (before === number) {
    // The run that switched may have died before the sync.
    fs.syncFolder(security);
    return before;
  }
  undoing(
    () => {
      swapLink(fs, security, number);
      fs.syncFolder(security);
    },
    () => {
      fs.removeFile(join(security, freshName(LIVE)));
      if (before !== undefined && readLive(fs, security) !== before) swapLink(fs, security, before);
      if (before === undefined) fs.removeFile(join(security, LIVE));
    },
  );
  return before;
}

/** Removes `live`, durable when it returns; harmless when it is gone. */
export function removeLive(fs: ZoneFs, security: string): void {
  if (readLive(fs, security) !== undefined) fs.removeFile(join(security, LIVE));
  fs.syncFolder(security);
}

function swapLink(fs: ZoneFs, security: string, number: number): void {
  const fresh = join(security, freshName(LIVE));
  if (fs.inspect(fresh) !== undefined) fs.removeFile(fresh);
  fs.makeLink(`generations/${generationName(number)}`, fresh);
  fs.rename(fresh, join(security, LIVE));
}

function strange(path: string, fact: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `look at it, take it away, then run zmint ssl resume: ls -ld ${shellWord(path)}`,
    details: { path },
  });
}
