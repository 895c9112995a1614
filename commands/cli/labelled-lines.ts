import { displayWidth } from './display-width.js';
import { escapeText } from './escape-text.js';
import type { Cell, Surface } from './table.js';
import { wrapText } from './wrap-text.js';

const GAP = 2;

/** A label and the lines beside it; without lines it is left out. */
export type LabelledLines = readonly [label: string, lines: readonly Cell[]];

/**
 * Labels in a column, their lines beside them, each wrapped to the width and dressed. Lines are raw
 * text. Ends with a line break unless there is nothing.
 */
export function labelledLines(blocks: readonly LabelledLines[], surface: Surface): string {
  const shown = blocks.filter(([, lines]) => lines.length > 0);
  const column = Math.max(0, ...shown.map(([label]) => displayWidth(label))) + GAP;
  return shown.map((block) => renderBlock(block, column, surface)).join('');
}

function renderBlock([label, lines]: LabelledLines, column: number, surface: Surface): string {
  const indent = ' '.repeat(column);
  const wrapped = lines.flatMap((cell) => {
    const raw = typeof cell === 'string' ? cell : cell.text;
    const dress = typeof cell === 'string' ? (text: string) => text : cell.dress;
    const text = wrapText(escapeText(raw), surface.width - column);
    return text.split('\n').map(dress);
  });
  const head = surface.style.strong(label) + ' '.repeat(column - displayWidth(label));
  return wrapped.map((line, index) => `${index === 0 ? head : indent}${line}\n`).join('');
}
