import type { Authority } from '../../zone/authority.js';
import type { Connection } from './connection.js';
import { putRows, readRows } from './rows.js';
import { AUTHORITIES, AUTHORITY_PARENTS } from './tables.js';

/** Every generation with what stands above it, by generation. Throws `damaged` for an altered row. */
export function readAuthorities(connection: Connection): readonly Authority[] {
  const rows = readRows(connection, AUTHORITIES, { sql: 'ORDER BY generation' });
  const above = new Map(
    readRows(connection, AUTHORITY_PARENTS, { sql: '' }).map((one) => [one.generation, one]),
  );
  return rows.map((row) => {
    const parents = above.get(row.generation)?.parents;
    return parents === undefined ? row : { ...row, parents };
  });
}

/** Writes a generation, new or not. What stands above it never changes. */
export function putAuthority(connection: Connection, authority: Authority): void {
  const { parents = [], ...row } = authority;
  putRows(connection, AUTHORITIES, [row]);
  if (parents.length === 0) return;
  putRows(connection, AUTHORITY_PARENTS, [{ generation: row.generation, parents }]);
}
