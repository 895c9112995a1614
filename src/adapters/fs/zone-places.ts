import { basename, dirname, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import type { BackupFiles } from '../../ports/backup-box.js';
import type { PlaceKind, Staged, ZonePlaces } from '../../ports/zone-places.js';
import { AUTHORITY } from '../../zone/backup-entry.js';
import { renderInstant, type Instant } from '../../zone/instant.js';
import { replaceFiles, sameBytes } from './durable-write.js';
import { parseZoneHome } from './home-path.js';
import { makeAnchor } from './make-anchor.js';
import { PathSafety } from './path-safety.js';
import { ZONE_FOLDERS } from './prepare-zone-home.js';
import { readTree } from './read-tree.js';
import { SafeFolders } from './safe-folders.js';
import { shellWord } from '../../zone/shell-word.js';
import { STAGED_MARK, parseStaged, renderStaged } from './staged-mark.js';
import { removeTree, writeTree } from './write-tree.js';
import type { ZoneFs } from './zone-fs.js';

const LEFT_OUT = /^(?:backups|(?:zone|lock)\.db(?:-\w+)?|restore\.json)$/u;
/** Everything that lies right in a zone home. */
const ZONE_NAME =
  /^(?:truststore|servers|backups|updates|crl|ca\.unlock|settings\.json|restore\.json|(?:zone|lock)\.db(?:-\w+)?)$/u;
const TEMPORARY = /(?:^|\/)\.(?:new|old)-/u;
const AUTHORITIES = /^servers\/[^/]+\/certificate-authority$/u;
const MARK_LIMIT = 64 * 1024;
const KEY_FILE = 'key.enc';

/** Whole zone homes on this machine's disk. What is staged lies in `.<name>.restoring` beside the home. */
export class FileZonePlaces implements ZonePlaces {
  readonly #fs: ZoneFs;

  constructor(fs: ZoneFs) {
    this.#fs = fs;
  }

  async look(zoneHome: string): Promise<PlaceKind> {
    await this.#requirePlace(zoneHome);
    if (this.#fs.inspect(zoneHome) === undefined) return 'nothing';
    const names = this.#fs.list(zoneHome) ?? [];
    if (names.includes('zone.db')) return 'zone';
    if (names.length === 0) return 'empty';
    return names.every((name) => ZONE_NAME.test(name)) ? 'remains' : 'other';
  }

  asidePath(zoneHome: string, at: Instant): Promise<string> {
    const stamp = renderInstant(at).replace(/[-:]/gu, '');
    const path = `${zoneHome}.before-restore-${stamp}`;
    let free = path;
    for (let more = 2; this.#fs.inspect(free) !== undefined; more += 1) free = `${path}-${more}`;
    return Promise.resolve(free);
  }

  async collect(zoneHome: string): Promise<BackupFiles> {
    await this.#requirePlace(zoneHome);
    const leaveOut = (name: string): boolean =>
      LEFT_OUT.test(name) || TEMPORARY.test(name) || AUTHORITIES.test(name);
    const safety = new PathSafety(this.#fs);
    safety.hasAnchor(zoneHome);
    return readTree({ fs: this.#fs, safety, leaveOut }, zoneHome);
  }

  async collectAuthority(zoneHome: string, home: string): Promise<BackupFiles> {
    const folder = new SafeFolders(this.#fs, zoneHome).find(home, AUTHORITY);
    if (folder === undefined) return new Map();
    const leaveOut = (name: string): boolean => TEMPORARY.test(name);
    const reading = { fs: this.#fs, safety: new PathSafety(this.#fs), leaveOut };
    return Promise.resolve(readTree(reading, folder, `${AUTHORITY}/`));
  }

  async stage(zoneHome: string, files: BackupFiles): Promise<string> {
    await this.#requirePlace(zoneHome);
    makeAnchor(this.#fs, new PathSafety(this.#fs), dirname(zoneHome));
    await this.dropStaged(zoneHome);
    const folder = stagedPath(zoneHome);
    this.#fs.makeFolder(folder);
    const laid = new Set([...files.keys()].map((name) => name.split('/')[0] ?? ''));
    for (const name of ZONE_FOLDERS) if (!laid.has(name)) this.#fs.makeFolder(join(folder, name));
    await writeTree(this.#fs, folder, files);
    return folder;
  }

  async addAuthority(zoneHome: string, home: string, files: BackupFiles): Promise<void> {
    const present = await this.collectAuthority(zoneHome, home);
    const [other] = [...present.keys()].filter((name) => isOther(name, present, files));
    if (other !== undefined) throw occupied(join(home, other), files.has(other));
    const folders = new SafeFolders(this.#fs, zoneHome);
    for (const [name, bytes] of files) {
      const [, generation = '', file = ''] = name.split('/');
      replaceFiles(this.#fs, folders.ensure(home, AUTHORITY, generation), { [file]: bytes });
    }
  }

  markStaged(zoneHome: string, staged: Staged): Promise<void> {
    replaceFiles(this.#fs, stagedPath(zoneHome), { [STAGED_MARK]: renderStaged(staged) });
    this.#fs.syncFolder(dirname(zoneHome));
    return Promise.resolve();
  }

  readStaged(zoneHome: string): Promise<Staged | undefined> {
    const mark = this.#fs.readBounded(join(stagedPath(zoneHome), STAGED_MARK), MARK_LIMIT);
    return Promise.resolve(mark === undefined ? undefined : parseStaged(mark.bytes));
  }

  swapIn(zoneHome: string, staged: Staged): Promise<void> {
    const parent = dirname(zoneHome);
    const present = this.#fs.inspect(zoneHome) !== undefined;
    const aside = present ? staged.aside : null;
    if (aside !== null) this.#fs.rename(zoneHome, aside);
    try {
      this.#fs.rename(stagedPath(zoneHome), zoneHome);
    } catch (error) {
      if (aside !== null) this.#fs.rename(aside, zoneHome);
      throw error;
    }
    this.#fs.syncFolder(parent);
    this.#fs.removeFile(join(zoneHome, STAGED_MARK));
    this.#fs.syncFolder(zoneHome);
    return Promise.resolve();
  }

  dropStaged(zoneHome: string): Promise<void> {
    const folder = stagedPath(zoneHome);
    if (this.#fs.inspect(folder) === undefined) return Promise.resolve();
    // The mark goes first: half of a staged zone must never be taken for a whole one.
    this.#fs.removeFile(join(folder, STAGED_MARK));
    this.#fs.syncFolder(folder);
    removeTree(this.#fs, folder);
    return Promise.resolve();
  }

  /** Throws `unsafe-path` for a path that cannot be a zone home, and for a link, which would be renamed instead of the home. */
  #requirePlace(zoneHome: string): Promise<void> {
    parseZoneHome(zoneHome);
    const facts = this.#fs.inspect(zoneHome);
    if (facts !== undefined) new PathSafety(this.#fs).hasFolder(zoneHome);
    return Promise.resolve();
  }
}

function stagedPath(zoneHome: string): string {
  return join(dirname(zoneHome), `.${basename(zoneHome)}.restoring`);
}

/** A key that the backup lacks is that of a later CA, which the next one of this number would replace. */
function isOther(name: string, present: BackupFiles, files: BackupFiles): boolean {
  const [there, coming] = [present.get(name), files.get(name)];
  if (there === undefined || coming === undefined) return name.endsWith(`/${KEY_FILE}`);
  return !sameBytes(there, coming);
}

function occupied(path: string, isInBackup: boolean): ZmintError {
  const fact = isInBackup ? 'differs from the backup' : 'is the key of a CA that the backup lacks';
  return new ZmintError('policy', `${path} is there already and ${fact}`, {
    hint: `move its folder away: mv ${shellWord(dirname(dirname(path)))} DIR`,
    details: { path },
  });
}
