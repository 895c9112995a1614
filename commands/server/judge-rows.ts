import { ZmintError } from '../../src/errors.js';
import type { Instant, Member } from '../../src/index.js';
import type { ServerRow } from './read-servers-csv.js';

/** A row that cannot be added, and why. */
export interface BadRow {
  readonly line: number;
  readonly message: string;
}

/** Every row that describes no server, or one that the zone or the file has already. */
export async function judgeRows(
  rows: readonly ServerRow[],
  members: readonly Member[],
  now: Instant,
): Promise<readonly BadRow[]> {
  const { decideMember, refuseDuplicates } = await import('../../src/index.js');
  const bad: BadRow[] = [];
  const known = indexOf(members);
  const good = indexOf([]);
  for (const { line, input } of rows) {
    try {
      const member = decideMember(input, { id: '', addedAt: now });
      if (member.kind !== 'primary' && member.kind !== 'satellite') {
        throw new ZmintError('policy', `${member.name} is no server: kind is primary or satellite`);
      }
      refuseDuplicates(twinsOf(known, member), [member]);
      refuseTwin(good, member);
      note(good, member);
    } catch (error) {
      if (!(error instanceof ZmintError)) throw error;
      bad.push({ line, message: error.message });
    }
  }
  return bad;
}

/** The error for bad rows; each is in its details. */
export function badRows(bad: readonly BadRow[], file: string): ZmintError {
  const lines = bad.map(({ line }) => line);
  const shown = lines.slice(0, 10).join(', ');
  const more = lines.length > 10 ? ` and ${lines.length - 10} more` : '';
  const which = lines.length === 1 ? 'line' : 'lines';
  return new ZmintError('unreadable', `${file}, ${which} ${shown}${more}: not usable`, {
    hint: 'mend what is listed; nothing was added',
    details: { rows: bad },
  });
}

/** Members by what must be theirs alone. */
interface Index {
  readonly names: Map<string, Member>;
  readonly homes: Map<string, Member>;
}

function indexOf(members: readonly Member[]): Index {
  const index: Index = { names: new Map(), homes: new Map() };
  for (const member of members) note(index, member);
  return index;
}

function note({ names, homes }: Index, member: Member): void {
  names.set(member.name, member);
  if (member.home !== null) homes.set(member.home, member);
}

function twinsOf({ names, homes }: Index, { name, home }: Member): readonly Member[] {
  const found = [names.get(name), home === null ? undefined : homes.get(home)];
  return found.filter((one) => one !== undefined);
}

function refuseTwin(good: Index, member: Member): void {
  const [twin] = twinsOf(good, member);
  if (twin === undefined) return;
  const what = twin.name === member.name ? `name "${twin.name}"` : `home ${twin.home ?? ''}`;
  throw new ZmintError('member-exists', `the ${what} is in the file already`);
}
