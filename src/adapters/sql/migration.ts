/** What differs between databases in how tables are laid. */
export interface Dialect {
  /** A whole number of 64 bits. */
  readonly integer: string;
  readonly text: string;
  readonly bytes: string;
  /** Stands behind the closing bracket of CREATE TABLE. */
  readonly tableSuffix: string;
}

/** STRICT makes SQLite refuse a value of another type, as PostgreSQL does by itself. */
export const SQLITE: Dialect = {
  integer: 'INTEGER',
  text: 'TEXT',
  bytes: 'BLOB',
  tableSuffix: ' STRICT',
};

/** One step from a schema to the next; once released it never changes. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number;
  readonly name: string;
  readonly statements: (dialect: Dialect) => readonly string[];
}
