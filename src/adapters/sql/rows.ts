import type { Cell } from './column.js';
import type { Connection } from './connection.js';
import { DIGEST_COLUMN, openText, sealedText, sealRow, type Table } from './table.js';

/** What stands behind FROM: conditions, order and limit, with their values. */
export interface Tail {
  readonly sql: string;
  readonly values?: readonly Cell[];
}

/** Reads rows and checks each against its digest. Throws `damaged` naming the first that was altered. */
export function readRows<Row>(connection: Connection, table: Table<Row>, tail: Tail): Row[] {
  const rows = connection.all(`${selectTexts(table)} ${tail.sql}`, tail.values);
  return rows.map(([text, digest]) => openText(table, text, digest));
}

/** As `readRows`, for at most one. */
export function findRow<Row>(
  connection: Connection,
  table: Table<Row>,
  tail: Tail,
): Row | undefined {
  const sealed = connection.first(`${selectTexts(table)} ${tail.sql}`, tail.values);
  return sealed === undefined ? undefined : openText(table, sealed[0], sealed[1]);
}

/** Writes whole rows, new or not; returns how many were written. */
export function putRows<Row>(
  connection: Connection,
  table: Table<Row>,
  rows: readonly Row[],
): number {
  const sql = statement(`${table.name} put`, () => `${insertRow(table)} ${onConflict(table)}`);
  return writeSealed(connection, table, rows, sql);
}

/** Statements that write rows: putting one together costs more than looking it up. */
const STATEMENTS = new Map<string, string>();

function statement(kind: string, make: () => string): string {
  const known = STATEMENTS.get(kind);
  if (known !== undefined) return known;
  const made = make();
  STATEMENTS.set(kind, made);
  return made;
}

function onConflict<Row>(table: Table<Row>): string {
  const names = [...table.columns, DIGEST_COLUMN].filter((name) => !table.key.includes(name));
  const changed = names.map((name) => `${name} = excluded.${name}`).join(', ');
  return `ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${changed}`;
}

/** Adds rows; `tail` says what happens to one that is there already. Returns how many were written. */
export function addRows<Row>(
  connection: Connection,
  table: Table<Row>,
  rows: readonly Row[],
  tail = '',
): number {
  const sql = statement(`${table.name} add ${tail}`, () => `${insertRow(table)} ${tail}`);
  return writeSealed(connection, table, rows, sql);
}

/** The query for all cells of a table's rows, the digest last. */
export function selectSealed<Row>(table: Table<Row>): string {
  return `SELECT ${[...table.columns, DIGEST_COLUMN].join(', ')} FROM ${table.name}`;
}

function selectTexts<Row>(table: Table<Row>): string {
  return `SELECT ${sealedText(table)}, ${DIGEST_COLUMN} FROM ${table.name}`;
}

/** The statement that adds one row with these columns. */
export function insertInto(name: string, columns: readonly string[]): string {
  const places = columns.map(() => '?').join(', ');
  return `INSERT INTO ${name} (${columns.join(', ')}) VALUES (${places})`;
}

/** The statement that adds a whole row, its digest last. */
export function insertRow<Row>({ name, columns }: Table<Row>): string {
  return insertInto(name, [...columns, DIGEST_COLUMN]);
}

function writeSealed<Row>(
  connection: Connection,
  table: Table<Row>,
  rows: readonly Row[],
  sql: string,
): number {
  let written = 0;
  for (const row of rows) written += connection.run(sql, sealRow(table, row));
  return written;
}
