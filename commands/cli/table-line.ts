import { displayWidth, truncate } from './display-width.js';
import type { Column } from './table-cells.js';

/** Columns between two cells. */
export const GAP = 2;
const SPACE = ' '.repeat(GAP);

/** How a text is shown: in a colour, or as it is. */
export type Dress = (text: string) => string;

/** As `tableLine`, for texts in which each character takes one column; for large tables. */
export function plainLine(
  texts: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  dresses: readonly Dress[],
): string {
  let line = '';
  for (let index = 0; index < texts.length; index += 1) {
    const text = texts[index] ?? '';
    const width = widths[index] ?? 0;
    const shown = text.length <= width ? text : truncate(text, width);
    const dressed = dresses[index]?.(shown) ?? shown;
    const space = ' '.repeat(width - shown.length);
    if (index > 0) line += SPACE;
    line += columns[index]?.align === 'right' ? space + dressed : dressed + space;
  }
  return line.trimEnd();
}

/** One line of a table: escaped texts, cut and padded to their widths. */
export function tableLine(
  texts: readonly string[],
  columns: readonly Column[],
  widths: readonly number[],
  dresses: readonly Dress[],
): string {
  const cells = texts.map((text, index) => {
    const width = widths[index] ?? 0;
    const shown = truncate(text, width);
    const dressed = dresses[index]?.(shown) ?? shown;
    const space = ' '.repeat(Math.max(0, width - displayWidth(shown)));
    if (columns[index]?.align === 'right') return `${space}${dressed}`;
    return index === texts.length - 1 ? dressed : `${dressed}${space}`;
  });
  return cells.join(SPACE).trimEnd();
}
