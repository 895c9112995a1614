import { displayWidth, truncate } from './display-width.js';
import { escapeText } from './escape-text.js';
import type { Style } from './style.js';

/** A column of a table. */
export interface Column {
  readonly title: string;
  /** Never shortened: names that are to be copied and typed again. */
  readonly whole?: boolean;
  readonly align?: 'right';
}

/** A cell as raw text (the table escapes it), perhaps with its dress. */
export type Cell = string | { readonly text: string; readonly dress: (text: string) => string };

/** How wide, and how dressed. A `Terminal` is one. */
export interface Surface {
  readonly width: number;
  readonly style: Style;
}

const GAP = 2;
const NARROWEST = 6;

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
  if (rows.length === 0) return '';
  const safe = rows.map((row) => row.map((cell) => escapeText(textOf(cell))));
  const widths = fit(columns, naturalWidths(columns, safe), surface.width);
  const head = line(
    columns.map((column) => column.title),
    columns,
    widths,
    columns.map(() => surface.style.strong),
  );
  const body = safe.map((row, index) =>
    line(row, columns, widths, (rows[index] ?? []).map(dressOf)),
  );
  return [head, ...body].map((text) => `${text}\n`).join('');
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

function naturalWidths(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): readonly number[] {
  const widths = columns.map((column) => displayWidth(column.title));
  for (const row of rows) {
    for (const [index, text] of row.entries()) {
      widths[index] = Math.max(widths[index] ?? 0, displayWidth(text));
    }
  }
  return widths;
}

function fit(
  columns: readonly Column[],
  natural: readonly number[],
  width: number,
): readonly number[] {
  const widths = [...natural];
  let excess = natural.reduce((sum, each) => sum + each + GAP, -GAP) - width;
  while (excess > 0) {
    const widest = widestShrinkable(columns, widths);
    if (widest === undefined) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
    excess -= 1;
  }
  return widths;
}

function widestShrinkable(
  columns: readonly Column[],
  widths: readonly number[],
): number | undefined {
  let found: number | undefined;
  for (const [index, column] of columns.entries()) {
    const width = widths[index] ?? 0;
    const least = Math.max(NARROWEST, displayWidth(column.title));
    if (column.whole === true || width <= least) continue;
    if (found === undefined || width > (widths[found] ?? 0)) found = index;
  }
  return found;
}

function line(
  texts: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  dresses: readonly ((text: string) => string)[],
): string {
  const cells = texts.map((text, index) => {
    const width = widths[index] ?? 0;
    const shown = truncate(text, width);
    const dressed = dresses[index]?.(shown) ?? shown;
    const space = ' '.repeat(Math.max(0, width - displayWidth(shown)));
    if (columns[index]?.align === 'right') return `${space}${dressed}`;
    return index === texts.length - 1 ? dressed : `${dressed}${space}`;
  });
  return cells.join(' '.repeat(GAP)).trimEnd();
}
