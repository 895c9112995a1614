import { ZmintError } from '../../errors.js';

/** What a column holds: text, a whole number or nothing. Bytes stand in a table of their own. */
export type Cell = string | number | null;

/** How one field of a row is kept. `decode` throws `damaged` when the cell has another type. */
export interface Column<Value> {
  readonly name: string;
  readonly encode: (value: Value) => Cell;
  readonly decode: (cell: unknown) => Value;
}

/** Text as it is. Throws `policy` for half of a surrogate pair, which no database can keep. */
export function text<Value extends string>(name: string): Column<Value> {
  return {
    name,
    encode: (value) => wellFormed(name, value),
    decode: (cell) => {
      if (typeof cell === 'string') return cell as Value;
      throw misfit(name);
    },
  };
}

/** A whole number that JavaScript keeps exactly. Throws `bug` for another one. */
export function integer(name: string): Column<number> {
  return {
    name,
    encode: (value) => {
      if (Number.isSafeInteger(value)) return value;
      throw new ZmintError('bug', `${value} is no whole number, as ${name} must be`);
    },
    decode: (cell) => {
      if (typeof cell === 'number' && Number.isSafeInteger(cell)) return cell;
      throw misfit(name);
    },
  };
}

/** Yes or no, kept as 1 or 0. */
export function flag(name: string): Column<boolean> {
  return {
    name,
    encode: (value) => (value ? 1 : 0),
    decode: (cell) => {
      if (cell === 0 || cell === 1) return cell === 1;
      throw misfit(name);
    },
  };
}

/** A list or an object, kept as JSON text. */
export function json<Value>(name: string): Column<Value> {
  return {
    name,
    encode: (value) => JSON.stringify(value),
    decode: (cell) => {
      if (typeof cell !== 'string') throw misfit(name);
      try {
        return JSON.parse(cell) as Value;
      } catch (error) {
        throw misfit(name, error);
      }
    },
  };
}

/** The column, or NULL for null. */
export function optional<Value>(column: Column<Value>): Column<Value | null> {
  return {
    name: column.name,
    encode: (value) => (value === null ? null : column.encode(value)),
    decode: (cell) => (cell === null ? null : column.decode(cell)),
  };
}

function wellFormed(name: string, value: string): string {
  if (value.isWellFormed()) return value;
  throw new ZmintError('policy', `the text for ${name} is not well-formed Unicode`);
}

function misfit(name: string, cause?: unknown): ZmintError {
  return new ZmintError('damaged', `the database holds something else than it must in ${name}`, {
    hint: 'zmint doctor',
    cause,
  });
}
