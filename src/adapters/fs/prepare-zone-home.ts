import { join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { parseZoneHome } from './home-path.js';
import { makeAnchor } from './make-anchor.js';
import { PathSafety } from './path-safety.js';
import { shellWord } from '../../zone/shell-word.js';
import type { EntryFacts } from './entry-facts.js';
import type { ZoneFs } from './zone-fs.js';

/** The folders that a zone home begins with. */
export const ZONE_FOLDERS = ['truststore', 'servers', 'backups', 'updates'];

/**
 * Creates the zone home and its folders, 0700, durable; what is there already stays. Throws
 * `unsafe-path` when the home or one of them is open to others, belongs to another user or is no
 * folder, or when others can write to a folder above it.
 */
export function prepareZoneHome(fs: ZoneFs, zoneHome: string): void {
  const { anchor } = parseZoneHome(zoneHome);
  const safety = new PathSafety(fs);
  makeAnchor(fs, safety, anchor);
  // With a dot behind it, a home that is a link is looked at where it really is.
  requirePrivate(fs, anchor, fs.inspect(`${anchor}/.`));
  for (const name of ZONE_FOLDERS) {
    const folder = join(anchor, name);
    if (!safety.hasFolder(folder)) fs.makeFolder(folder);
    requirePrivate(fs, folder, fs.inspect(folder));
  }
  fs.syncFolder(anchor);
}

function requirePrivate(fs: ZoneFs, path: string, facts: EntryFacts | undefined): void {
  if (facts === undefined) throw unsafe(path, 'has just vanished', 'ls -ld');
  if (facts.uid !== fs.ownUid()) {
    throw unsafe(path, `belongs to user ${facts.uid}, not to ${fs.ownUid()}`, 'ls -ld');
  }
  if ((facts.mode & 0o077) === 0) return;
  throw unsafe(path, `is open to others (mode ${facts.mode.toString(8)})`, 'chmod 700');
}

function unsafe(path: string, fact: string, command: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `${command} ${shellWord(path)}`,
    details: { path },
  });
}
