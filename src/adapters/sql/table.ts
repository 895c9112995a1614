import { hash } from 'node:crypto';
import { ZmintError } from '../../errors.js';
import type { Cell, Column } from './column.js';

/** How every field of a row is kept; the compiler refuses a field without a column. */
export type Columns<Row> = { readonly [Field in keyof Row]-?: Column<Row[Field]> };

/** A kind of row: its table, its columns in order, and the ways in and out. */
export interface Table<Row> {
  readonly name: string;
  /** The columns that identify a row. */
  readonly key: readonly string[];
  readonly columns: readonly string[];
  readonly encode: (row: Row) => Cell[];
  /** The opposite of `encode`. Throws `damaged`. */
  readonly decode: (cells: readonly unknown[]) => Row;
}

/** Lays out a table by the fields of its rows. */
export function defineTable<Row>(
  name: string,
  key: readonly string[],
  columns: Columns<Row>,
): Table<Row> {
  const fields = Object.keys(columns) as (keyof Row & string)[];
  return {
    name,
    key,
    columns: fields.map((field) => columns[field].name),
    encode: (row) => fields.map((field) => columns[field].encode(row[field])),
    decode: (cells) => {
      const row: Partial<Row> = {};
      fields.forEach((field, index) => {
        row[field] = columns[field].decode(cells[index]);
      });
      return row as Row;
    },
  };
}

/** The column at the end of a row in which the digest of all others stands. */
export const DIGEST_COLUMN = 'row_digest';

/** The cells of a row with their digest behind them. Throws `policy` for text that is not Unicode. */
export function sealRow<Row>(table: Table<Row>, row: Row): Cell[] {
  const cells = table.encode(row);
  cells.push(rowDigest(table.name, cells));
  return cells;
}

/** The row of sealed cells. Throws `damaged` naming the row when the digest does not fit it. */
export function openRow<Row>(table: Table<Row>, sealed: readonly unknown[]): Row {
  const cells = sealed.slice(0, -1);
  if (rowDigest(table.name, cells) === sealed.at(-1)) return table.decode(cells);
  throw altered(table, cells);
}

/**
 * As `openRow`, of the text that the digest is of: `["members","8a…",…]` as SQLite writes it
 * (`sealedText`). SQLite and JSON.stringify write the same text for every cell that there can be; if
 * they ever did not, the digest would not fit.
 */
export function openText<Row>(table: Table<Row>, text: unknown, digest: unknown): Row {
  const [, ...cells] = JSON.parse(requireDigest(table, text, digest)) as readonly unknown[];
  return table.decode(cells);
}

/** The text itself, when the digest fits it: for who has the cells beside it. Throws as `openText`. */
export function requireDigest<Row>(table: Table<Row>, text: unknown, digest: unknown): string {
  if (typeof text === 'string' && hash('sha256', text, 'hex') === digest) return text;
  throw altered(table, cellsIn(text));
}

/** What SQLite makes the text for `openText` with; the columns may stand behind an alias of the table. */
export function sealedText<Row>(table: Table<Row>, alias = table.name): string {
  const cells = table.columns.map((name) => `${alias}.${name}`).join(', ');
  return `json_array('${table.name}', ${cells})`;
}

function altered<Row>(table: Table<Row>, cells: readonly unknown[]): ZmintError {
  return new ZmintError('damaged', `${describeRow(table, cells)} has been altered`, {
    hint: 'zmint doctor',
    details: { table: table.name },
  });
}

/** The table and what identifies the row in it, for people. */
export function describeRow<Row>(table: Table<Row>, cells: readonly unknown[]): string {
  const key = table.key.map((name) => JSON.stringify(cells[table.columns.indexOf(name)]));
  return `row ${key.join(', ')} of ${table.name}`;
}

/** Cells of a text that does not fit its digest, for naming its row. */
function cellsIn(text: unknown): readonly unknown[] {
  try {
    const [, ...cells] = JSON.parse(String(text)) as readonly unknown[];
    return cells;
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** The table's name is part of it, so that a row fits into no other table. */
function rowDigest(name: string, cells: readonly unknown[]): string {
  return hash('sha256', JSON.stringify([name, ...cells]), 'hex');
}
