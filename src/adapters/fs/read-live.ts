import { ZmintError } from '../../errors.js';
import { findGeneration } from './generation-number.js';
import { shellWord } from '../../zone/shell-word.js';
import type { ZoneFs } from './zone-fs.js';

const TARGET = /^generations\/([^/]+)$/u;

/** The name of the link in a member's `security`. */
export const LIVE = 'live';

/**
 * The generation that `live` in this folder points to; undefined when it is not there. Throws
 * `unsafe-path` when it is no link, belongs to someone else or points to anything but
 * `generations/<n>`.
 */
export function readLive(fs: ZoneFs, security: string): number | undefined {
  const path = `${security}/${LIVE}`;
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

function strange(path: string, fact: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `look at it, take it away, then run zmint ssl resume: ls -ld ${shellWord(path)}`,
    details: { path },
  });
}
