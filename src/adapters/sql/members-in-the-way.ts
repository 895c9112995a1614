import { foldersAbove } from '../../zone/folders-above.js';
import type { Member } from '../../zone/member.js';
import type { Connection } from './connection.js';
import { readRows } from './rows.js';
import { MEMBERS } from './tables.js';

/**
 * The members whose own home is one of these folders, holds one or lies in one, by path. Paths are
 * compared as they are written.
 */
export function readMembersInTheWay(
  connection: Connection,
  homes: readonly string[],
): readonly Member[] {
  const same = [...new Set(homes.flatMap((home) => [home, ...foldersAbove(home)]))];
  const marks = same.map(() => '?').join(', ');
  // `/` is the character before `0`: what lies in a folder stands between the two.
  const within = homes.map(() => 'OR (home > ? AND home < ?)').join(' ');
  return readRows(connection, MEMBERS, {
    sql: `WHERE home IS NOT NULL AND (home IN (${marks}) ${within}) ORDER BY path`,
    values: [...same, ...homes.flatMap((home) => [`${home}/`, `${home}0`])],
  });
}
