import type { Cell } from './column.js';
import type { Connection } from './connection.js';
import { insertRow, selectSealed } from './rows.js';
import { DIGEST_COLUMN, sealRow, type Table } from './table.js';

/**
 * Writes a whole row, new or not, but of one that is there only the columns that differ: SQLite renews
 * each index that a written column stands in, or that it is a condition of. What is there afterwards
 * is the same as after writing all of it. Returns whether it is new.
 */
export function putChangedRow<Row>(connection: Connection, table: Table<Row>, row: Row): boolean {
  const cells = sealRow(table, row);
  const key = table.key.map((name) => cells[table.columns.indexOf(name)] ?? null);
  const written = connection.first(queryOf(table), key);
  if (written === undefined) {
    connection.run(insertRow(table), cells);
    return true;
  }
  const changed = [...table.columns, DIGEST_COLUMN].flatMap((name, index) =>
    cells[index] === written[index] ? [] : [{ name, cell: cells[index] ?? null }],
  );
  if (changed.length === 0) return false;
  const values: Cell[] = changed.map(({ cell }) => cell);
  connection.run(updateOf(table, changed), [...values, ...key]);
  return false;
}

/** Queries are remembered: putting one together costs more than looking it up. */
const QUERIES = new Map<string, string>();

function queryOf<Row>(table: Table<Row>): string {
  const known = QUERIES.get(table.name);
  if (known !== undefined) return known;
  const made = `${selectSealed(table)} ${whereKey(table)}`;
  QUERIES.set(table.name, made);
  return made;
}

function updateOf<Row>(table: Table<Row>, changed: readonly { readonly name: string }[]): string {
  const cells = changed.map(({ name }) => `${name} = ?`).join(', ');
  return `UPDATE ${table.name} SET ${cells} ${whereKey(table)}`;
}

function whereKey<Row>({ key }: Table<Row>): string {
  return `WHERE ${key.map((name) => `${name} = ?`).join(' AND ')}`;
}
