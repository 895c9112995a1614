import { dirname, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { parseMemberHome, parseZoneHome, type HomePath } from './home-path.js';
import { makeAnchor } from './make-anchor.js';
import { PathSafety } from './path-safety.js';
import { shellWord } from '../../zone/shell-word.js';
import type { FileContent } from './entry-facts.js';
import type { ZoneFs } from './zone-fs.js';

/** Certificates, bundles and documents: far more than any real one, far less than memory. */
const FILE_LIMIT = 4 * 1024 * 1024;
const SECRET_LIMIT = 64 * 1024;
/** CRLs of several generations, each with 100,000 entries and more. */
const CRLS_LIMIT = 64 * 1024 * 1024;
const LIMITS = { secret: SECRET_LIMIT, public: FILE_LIMIT, crls: CRLS_LIMIT } as const;
const GENERATION = /^\d+$/u;

/** How a file is judged before its bytes are used. */
export type FileKind = keyof typeof LIMITS;

/**
 * Hands out paths of folders only after they were judged, and creates those that are missing. All
 * methods throw `unsafe-path` as `PathSafety` says.
 */
export class SafeFolders {
  /** The most bytes that a file may have. */
  readonly fileLimit = FILE_LIMIT;
  readonly #fs: ZoneFs;
  readonly #zoneHome: string;
  readonly #safety: PathSafety;
  readonly #durable = new Set<string>();
  readonly #known: Set<string> | undefined;
  /** The home asked for last: several folders of one are asked for in a row. */
  #last: { readonly home: string; readonly path: HomePath } | undefined;

  /**
   * @param remember - whether folders above the one asked for are judged only once: for work on many
   *   members that is over in a moment
   */
  constructor(fs: ZoneFs, zoneHome: string, remember = false) {
    this.#fs = fs;
    this.#zoneHome = zoneHome;
    this.#safety = new PathSafety(fs);
    this.#known = remember ? new Set() : undefined;
  }

  /** A folder in a member's home; undefined when it is not there. */
  find(home: string, ...names: readonly string[]): string | undefined {
    return this.#find(this.#parse(home), names);
  }

  /** A folder in a member's home. Throws `not-found` when it is not there. */
  require(home: string, ...names: readonly string[]): string {
    const folder = this.find(home, ...names);
    if (folder !== undefined) return folder;
    throw missing(join(home, ...names));
  }

  /** A folder in a member's home, created 0700 with all that lead to it, durable. */
  ensure(home: string, ...names: readonly string[]): string {
    const { anchor, below } = this.#parse(home);
    if (anchor === this.#zoneHome) this.zone();
    else makeAnchor(this.#fs, this.#safety, anchor);
    let folder = anchor;
    for (const name of [...below, ...names]) {
      const next = join(folder, name);
      this.#ensureFolder(folder, next);
      folder = next;
    }
    return folder;
  }

  /** A folder in the zone home. Throws `not-found` when it is not there. */
  zone(...names: readonly string[]): string {
    const folder = this.findZone(...names);
    if (folder !== undefined) return folder;
    throw missing(join(this.#zoneHome, ...names));
  }

  /** A folder right in the zone home, created 0700, durable. */
  ensureZone(name: string): string {
    const home = this.zone();
    this.#ensureFolder(home, join(home, name));
    return join(home, name);
  }

  /** A folder in the zone home; undefined when it is not there. */
  findZone(...names: readonly string[]): string | undefined {
    return this.#find(parseZoneHome(this.#zoneHome), names);
  }

  /** A file's bytes and facts, judged by its kind; undefined when it is not there. */
  readFile(path: string, kind: FileKind): FileContent | undefined {
    try {
      const content = this.#fs.readBounded(path, LIMITS[kind]);
      if (content !== undefined) this.#judge(path, content, kind);
      return content;
    } catch (error) {
      // The system refuses a link too, but in words that do not say so.
      const facts = this.#fs.inspect(path);
      if (facts !== undefined) this.#judge(path, { facts }, kind);
      throw error;
    }
  }

  /** As `readFile`, for a file that is seldom there: to fail to open it would cost more than to look. */
  readRareFile(path: string, kind: FileKind): FileContent | undefined {
    return this.#fs.inspect(path) === undefined ? undefined : this.readFile(path, kind);
  }

  #parse(home: string): HomePath {
    if (this.#last?.home !== home)
      this.#last = { home, path: parseMemberHome(this.#zoneHome, home) };
    return this.#last.path;
  }

  #judge(path: string, content: Pick<FileContent, 'facts'>, kind: FileKind): void {
    if (kind === 'secret') this.#safety.requireSecret(path, content.facts);
    else this.#safety.requireFile(path, content.facts);
  }

  #find(home: HomePath, names: readonly string[]): string | undefined {
    if (!this.#isThere(home.anchor, (path) => this.#safety.hasAnchor(path))) return undefined;
    let folder = home.anchor;
    const way = [...home.below, ...names];
    const last = way.pop();
    for (const name of way) {
      folder = `${folder}/${name}`;
      if (!this.#isThere(folder, (path) => this.#safety.hasFolder(path))) return undefined;
    }
    if (last === undefined) return folder;
    folder = `${folder}/${last}`;
    const judge = (path: string): boolean => this.#safety.hasFolder(path);
    // A generation comes and goes; the folders above it stay.
    const there = GENERATION.test(last) ? judge(folder) : this.#isThere(folder, judge);
    return there ? folder : undefined;
  }

  #isThere(path: string, judge: (path: string) => boolean): boolean {
    if (this.#known?.has(path) === true) return true;
    const there = judge(path);
    if (there) this.#known?.add(path);
    return there;
  }

  #ensureFolder(parent: string, folder: string): void {
    const isThere = this.#isThere(folder, (path) => this.#safety.hasFolder(path));
    if (isThere && this.#durable.has(parent)) return;
    if (!isThere) this.#fs.makeFolder(folder);
    // Also for a folder that is there already: the run that made it may have died before the sync.
    this.#fs.syncFolder(parent);
    this.#durable.add(parent);
  }
}

function missing(path: string): ZmintError {
  return new ZmintError('not-found', `the folder ${path} is not there`, {
    hint: `ls -ld ${shellWord(dirname(path))}`,
    details: { path },
  });
}
