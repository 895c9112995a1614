import { ZmintError } from '../errors.js';
import { foldersAbove } from './folders-above.js';
import { memberHome } from './member-home.js';
import type { Member } from './member.js';

/**
 * Throws unless each added member has a folder of its own (I-2, I-6): `policy` for a home in the zone
 * home (but the default one) or around it, `member-exists` for one that is, holds or lies in the home
 * of another member. Paths are compared as they are written.
 */
export function refuseSharedHomes(
  zoneHome: string,
  members: readonly Member[],
  added: readonly Member[],
): void {
  const taken = new TakenFolders();
  for (const member of members) taken.add(memberHome(zoneHome, member), member);
  for (const member of added) {
    const home = memberHome(zoneHome, member);
    if (home === null) continue;
    refuseZoneHome(zoneHome, member, home);
    const other = taken.find(home);
    if (other !== undefined) {
      const fact = `the home ${home} of "${member.name}" is not apart from that of "${other.name}"`;
      throw new ZmintError('member-exists', fact, { hint: 'give each member a home of its own' });
    }
    taken.add(home, member);
  }
}

/** Homes, and the folders above them, by path: zones are large. */
class TakenFolders {
  readonly #homes = new Map<string, Member>();
  readonly #above = new Map<string, Member>();

  add(home: string | null, member: Member): void {
    if (home === null) return;
    this.#homes.set(home, member);
    for (const folder of foldersAbove(home)) {
      if (!this.#above.has(folder)) this.#above.set(folder, member);
    }
  }

  /** Whose home is, holds or lies in this folder. */
  find(home: string): Member | undefined {
    const same = this.#homes.get(home) ?? this.#above.get(home);
    if (same !== undefined) return same;
    const folder = foldersAbove(home).find((above) => this.#homes.has(above));
    return folder === undefined ? undefined : this.#homes.get(folder);
  }
}

function refuseZoneHome(zoneHome: string, member: Member, home: string): void {
  if (member.home === null || home === `${zoneHome}/servers/${member.name}`) return;
  if (!overlap(zoneHome, home)) return;
  throw new ZmintError('policy', `the home ${home} is not apart from the zone home ${zoneHome}`, {
    hint: 'give a folder outside the zone home with --home, or none for the default',
  });
}

function overlap(one: string, other: string): boolean {
  return `${one}/`.startsWith(`${other}/`) || `${other}/`.startsWith(`${one}/`);
}
