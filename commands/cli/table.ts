import { displayWidth } from './display-width.js';
import { escapeText } from './escape-text.js';
import { LongTable } from './long-table.js';
import type { Cell, Column, Surface } from './table-cells.js';
import { GAP } from './table-line.js';

export type { Cell, Column, Surface } from './table-cells.js';

/**
 * Rows under titles, one line each, columns two spaces apart. What does not fit the width is
 * shortened with `…`, the widest column first, but never a `whole` one. Ends with a line break
 * unless there are no rows.
 */
export function renderTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  surface: Surface,
): string {
  const table = new LongTable(columns, surface);
  for (const row of rows) table.add(row);
  return [...table.pieces()].join('');
}

/** Labels and values below each other, values aligned; for a single object. Values are raw text. */
export function renderFields(
  fields: readonly (readonly [label: string, value: Cell])[],
  surface: Surface,
): string {
  const width = Math.max(0, ...fields.map(([label]) => displayWidth(label)));
  return fields
    .map(([label, value]) => {
      const padded = `${label}:`.padEnd(width + 1 + GAP);
      return `${surface.style.faint(padded)}${dressOf(value)(escapeText(textOf(value)))}\n`;
    })
    .join('');
}

function textOf(cell: Cell): string {
  return typeof cell === 'string' ? cell : cell.text;
}

function dressOf(cell: Cell): (text: string) => string {
  return typeof cell === 'string' ? (text) => text : cell.dress;
}
