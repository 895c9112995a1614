import { unzipSync, zipSync, type Zippable } from 'fflate';
import { ZmintError } from '../../errors.js';
import type { BackupFiles } from '../../ports/backup-box.js';
import { isBackupName, isLiveLink, isLiveTarget } from '../../zone/backup-entry.js';
import type { Instant } from '../../zone/instant.js';

/** A ZIP file without its 64-bit extension counts its files in 16 bits. */
const MOST_FILES = 60_000;
const MORE = /^more-[1-9]\d*\.zip$/u;
const FILE_MODE = (0o100600 << 16) >>> 0;
const LINK_MODE = (0o120777 << 16) >>> 0;
const UNIX = 3;

/**
 * The files as a ZIP archive, which `unzip` lays out as the zone home was: `live` is a symbolic link,
 * files are 0600. What is above 60,000 files lies in archives `more-1.zip` … within it.
 */
export function packBackup(files: BackupFiles, at: Instant, most = MOST_FILES): Uint8Array {
  const entries = [...files];
  const bad = entries.find(([name, bytes]) => !isSound(name, bytes));
  if (bad !== undefined) throw new ZmintError('bug', `"${bad[0]}" cannot stand in a backup`);
  const outer = zippable(entries.slice(0, most), at);
  for (let begin = most, number = 1; begin < entries.length; begin += most, number += 1) {
    const more = zipSync(zippable(entries.slice(begin, begin + most), at), { level: 1 });
    outer[`more-${number}.zip`] = [more, { level: 0, ...attributes(at, FILE_MODE) }];
  }
  return zipSync(outer, { level: 1 });
}

/** The opposite; undefined for bytes that `packBackup` does not make. */
export function unpackBackup(bytes: Uint8Array): BackupFiles | undefined {
  const files = new Map<string, Uint8Array>();
  for (const [name, content] of archived(bytes)) {
    const inner: readonly (readonly [string, Uint8Array])[] = MORE.test(name)
      ? archived(content)
      : [[name, content]];
    for (const [each, octets] of inner) {
      if (files.has(each) || !isSound(each, octets)) return undefined;
      files.set(each, octets);
    }
  }
  return files;
}

function zippable(entries: readonly (readonly [string, Uint8Array])[], at: Instant): Zippable {
  return Object.fromEntries(
    entries.map(([name, bytes]) => [
      name,
      [bytes, attributes(at, isLiveLink(name) ? LINK_MODE : FILE_MODE)],
    ]),
  );
}

function attributes(at: Instant, attrs: number): { mtime: number; os: number; attrs: number } {
  return { mtime: at * 1000, os: UNIX, attrs };
}

function archived(bytes: Uint8Array): readonly (readonly [string, Uint8Array])[] {
  return Object.entries(unzipSync(bytes));
}

function isSound(name: string, bytes: Uint8Array): boolean {
  if (!isBackupName(name) || MORE.test(name)) return false;
  return !isLiveLink(name) || isLiveTarget(Buffer.from(bytes).toString('latin1'));
}
