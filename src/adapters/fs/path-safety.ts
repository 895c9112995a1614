import { dirname, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { shellWord } from '../../zone/shell-word.js';
import type { EntryFacts } from './entry-facts.js';
import type { ZoneFs } from './zone-fs.js';

const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const MOST_LINKS = 20;

/**
 * Judges folders and files before they are used, as OpenSSH's StrictModes does: whoever else could
 * write there could exchange keys. Every violation is `unsafe-path`, names the path and the fact,
 * and hints at the command that mends it. Ancestors that passed are not looked at again.
 */
export class PathSafety {
  readonly #fs: ZoneFs;
  readonly #trusted = new Set<string>();

  constructor(fs: ZoneFs) {
    this.#fs = fs;
  }

  /**
   * Whether the folder is there. All ancestors must belong to root or the own user, and be writable
   * by no one else unless they are sticky; links on the way must belong to them too, and are
   * followed and judged. The folder itself is judged as by `requireFolder`.
   */
  hasAnchor(path: string): boolean {
    const above = this.#resolve(dirname(path));
    if (above === undefined) return false;
    const place = this.#follow(above, path);
    return place !== undefined && this.hasFolder(place);
  }

  /** Whether the folder is there: no link, of root or the own user, writable by no one else. */
  hasFolder(path: string): boolean {
    const facts = this.#fs.inspect(path);
    if (facts === undefined) return false;
    this.#requireKind(path, facts, 'folder');
    this.#requireOwner(path, facts);
    requireUnwritable(path, facts);
    return true;
  }

  /** A file that anyone may read: regular, of root or the own user, writable by no one else. */
  requireFile(path: string, facts: EntryFacts): void {
    this.#requireKind(path, facts, 'file');
    this.#requireOwner(path, facts);
    requireUnwritable(path, facts);
  }

  /** A secret: a regular file of the own user, 0600 or narrower, without a second name. */
  requireSecret(path: string, facts: EntryFacts): void {
    this.#requireKind(path, facts, 'file');
    if (facts.uid !== this.#fs.ownUid()) this.#refuseOwner(path, facts);
    if ((facts.mode & 0o177) !== 0) {
      throw unsafe(path, `has mode ${octal(facts.mode)}, wider than 0600`, `chmod 600`);
    }
    if (facts.links !== 1) {
      throw unsafe(path, `has ${facts.links} names (hard links) instead of one`, `ls -li`);
    }
  }

  /** The folder without symbolic links in its path, every part of it judged; undefined: not there. */
  #resolve(path: string): string | undefined {
    let current = '/';
    let links = 0;
    const rest = path.split('/');
    this.#requireAncestor(current);
    for (let name = rest.shift(); name !== undefined; name = rest.shift()) {
      const next = step(current, name);
      const facts = this.#trusted.has(next) ? undefined : this.#fs.inspect(next);
      if (facts?.kind === 'link') {
        links += 1;
        const target = this.#readLink(next, facts, links);
        if (target.startsWith('/')) current = '/';
        rest.unshift(...target.split('/'));
      } else {
        if (facts === undefined && !this.#trusted.has(next)) return undefined;
        this.#requireAncestor(next);
        current = next;
      }
    }
    return current;
  }

  /** Where the anchor really is, when it is itself a link. */
  #follow(above: string, path: string): string | undefined {
    const place = step(above, path.slice(path.lastIndexOf('/') + 1));
    const facts = this.#fs.inspect(place);
    return facts?.kind === 'link' ? this.#resolve(place) : place;
  }

  #readLink(path: string, facts: EntryFacts, links: number): string {
    this.#requireOwner(path, facts);
    if (links <= MOST_LINKS) return this.#fs.readLink(path);
    throw unsafe(path, 'leads from one symbolic link to the next without end', 'namei -l');
  }

  #requireAncestor(path: string): void {
    if (this.#trusted.has(path)) return;
    const facts = this.#fs.inspect(path);
    if (facts === undefined) throw unsafe(path, 'has just vanished', 'ls -ld');
    this.#requireKind(path, facts, 'folder');
    this.#requireOwner(path, facts);
    if ((facts.mode & STICKY) === 0) requireUnwritable(path, facts);
    this.#trusted.add(path);
  }

  #requireKind(path: string, facts: EntryFacts, kind: 'file' | 'folder'): void {
    if (facts.kind === kind) return;
    const what = facts.kind === 'link' ? 'a symbolic link' : `no ${kind}`;
    throw unsafe(path, `is ${what}`, 'ls -ld');
  }

  #requireOwner(path: string, facts: EntryFacts): void {
    if (facts.uid !== 0 && facts.uid !== this.#fs.ownUid()) this.#refuseOwner(path, facts);
  }

  #refuseOwner(path: string, facts: EntryFacts): never {
    const own = this.#fs.ownUid();
    throw new ZmintError('unsafe-path', `${path} belongs to user ${facts.uid}, not to ${own}`, {
      hint: `run it as that user: sudo -u '#${facts.uid}' zmint ...; or make it yours: chown -h ${own} ${shellWord(path)}`,
      details: { path },
    });
  }
}

function requireUnwritable(path: string, facts: EntryFacts): void {
  if ((facts.mode & WRITABLE_BY_OTHERS) === 0) return;
  throw unsafe(path, `can be written by others (mode ${octal(facts.mode)})`, 'chmod go-w');
}

function step(current: string, name: string): string {
  return name === '' || name === '.' ? current : join(current, name);
}

function octal(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

function unsafe(path: string, fact: string, command: string): ZmintError {
  return new ZmintError('unsafe-path', `${path} ${fact}`, {
    hint: `${command} ${shellWord(path)}`,
    details: { path },
  });
}
