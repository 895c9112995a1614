import Database from 'better-sqlite3';
import { describe, expect, test } from '@jest/globals';
import { integer, optional, text } from '../../../src/adapters/sql/column.js';
import { Connection } from '../../../src/adapters/sql/connection.js';
import { addRows, findRow, readRows } from '../../../src/adapters/sql/rows.js';
import { defineTable } from '../../../src/adapters/sql/table.js';

interface Thing {
  readonly name: string;
  readonly size: number;
  readonly note: string | null;
}

const THINGS = defineTable<Thing>('things', ['name'], {
  name: text('name'),
  size: integer('size'),
  note: optional(text('note')),
});

function things(): Connection {
  const connection = new Connection(':memory:', new Database(':memory:'));
  connection.run(
    'CREATE TABLE things (name TEXT PRIMARY KEY, size INTEGER NOT NULL, note TEXT, row_digest TEXT NOT NULL) STRICT',
  );
  return connection;
}

describe('the text that a digest is of is the same from SQLite and from JSON.stringify', () => {
  test('for every character', () => {
    const connection = things();
    const rows: Thing[] = [];
    for (let start = 0; start < 0x11_0000; start += 0x800) {
      if (start >= 0xd800 && start < 0xe000) continue;
      const points = Array.from({ length: 0x800 }, (_, index) => start + index);
      rows.push({ name: String.fromCodePoint(...points), size: start, note: null });
    }
    addRows(connection, THINGS, rows);
    expect(readRows(connection, THINGS, { sql: 'ORDER BY size' })).toEqual(rows);
    connection.close();
  });

  test.each([0, -1, 2 ** 31, -(2 ** 31) - 1, Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER])(
    'for the number %d',
    (size) => {
      const connection = things();
      const row = { name: 'a', size, note: '' };
      addRows(connection, THINGS, [row]);
      expect(findRow(connection, THINGS, { sql: '' })).toEqual(row);
      connection.close();
    },
  );

  test.each([
    ["size = 4 WHERE name = 'a'", 'row "a" of things has been altered'],
    ["note = CAST(x'ff' AS TEXT)", 'row "a" of things has been altered'],
    ["row_digest = ''", 'row "a" of things has been altered'],
  ])('and a row with %s is not read', (change, message) => {
    const connection = things();
    addRows(connection, THINGS, [{ name: 'a', size: 3, note: 'x' }]);
    connection.run(`UPDATE things SET ${change}`);
    expect(() => readRows(connection, THINGS, { sql: '' })).toThrow(
      expect.objectContaining({ code: 'damaged', message }),
    );
    connection.close();
  });
});
