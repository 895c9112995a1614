/** What differs between databases in how tables are laid. */
export interface Dialect {
  /** A whole number of 64 bits. */
  readonly integer: string;
  readonly text: string;
  readonly bytes: string;
  /** Stands behind the closing bracket of CREATE TABLE. */
  readonly tableSuffix: string;
  /** The statement for a trigger on each row; `when` is event, table and condition in standard words. */
  readonly trigger: (name: string, when: string, statements: readonly string[]) => string;
}

/** STRICT makes SQLite refuse a value of another type, as PostgreSQL does by itself. */
export const SQLITE: Dialect = {
  integer: 'INTEGER',
  text: 'TEXT',
  bytes: 'BLOB',
  tableSuffix: ' STRICT',
  trigger: (name, when, statements) =>
    `CREATE TRIGGER ${name} ${when} BEGIN ${statements.map((one) => `${one};`).join(' ')} END`,
};

/** One step from a schema to the next; once released it never changes. */
export interface Migration {
  /** 1, 2, 3 … without a gap. */
  readonly version: number;
  readonly name: string;
  readonly statements: (dialect: Dialect) => readonly string[];
}
