import { displayWidth } from './display-width.js';
import { GAP } from './table-line.js';
import type { Column } from './table-cells.js';

const NARROWEST = 6;

/**
 * The widths of columns that fit into a width as far as they can: the widest gives way first, but
 * never a `whole` one.
 */
export function fitWidths(
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
