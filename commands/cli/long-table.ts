import { displayWidth } from './display-width.js';
import { escapeText } from './escape-text.js';
import { fitWidths } from './fit-widths.js';
import type { Cell, Column, Surface } from './table-cells.js';
import { tableLine, type Dress } from './table-line.js';

/** So many lines are one piece. */
const PIECE_ROWS = 1000;
/** Cannot be in escaped text. */
const SEPARATOR = '\n';

const plain: Dress = (text) => text;

/**
 * A table of many rows. They are kept as their shown text alone, one string a row, since a line can
 * only be laid out when the widths of all are known.
 */
export class LongTable {
  readonly #columns: readonly Column[];
  readonly #surface: Surface;
  readonly #widths: number[];
  readonly #rows: string[] = [];
  /** How each row is dressed: few kinds, each kept once. */
  readonly #dresses: (readonly Dress[])[] = [];
  readonly #kinds: (readonly Dress[])[] = [];

  constructor(columns: readonly Column[], surface: Surface) {
    this.#columns = columns;
    this.#surface = surface;
    this.#widths = columns.map((column) => displayWidth(column.title));
  }

  get empty(): boolean {
    return this.#rows.length === 0;
  }

  /** Cells as raw text, one for each column. */
  add(cells: readonly Cell[]): void {
    const texts = cells.map((cell) => escapeText(typeof cell === 'string' ? cell : cell.text));
    texts.forEach((text, index) => {
      this.#widths[index] = Math.max(this.#widths[index] ?? 0, displayWidth(text));
    });
    this.#rows.push(texts.join(SEPARATOR));
    this.#dresses.push(this.#kindOf(cells));
  }

  /**
   * The lines under their titles, some at a time; nothing when there are no rows.
   *
   * @param shown - whether the column with this index is shown
   */
  *pieces(shown: (index: number) => boolean = () => true): Generator<string, void> {
    if (this.empty) return;
    const pick = <T>(all: readonly T[]): readonly T[] => all.filter((_, index) => shown(index));
    const columns = pick(this.#columns);
    const widths = fitWidths(columns, pick(this.#widths), this.#surface.width);
    const titles = columns.map((column) => column.title);
    const strong = columns.map(() => this.#surface.style.strong);
    yield `${tableLine(titles, columns, widths, strong)}\n`;
    for (let start = 0; start < this.#rows.length; start += PIECE_ROWS) {
      const rows = this.#rows.slice(start, start + PIECE_ROWS);
      const lines = rows.map((row, index) => {
        const dresses = pick(this.#dresses[start + index] ?? []);
        return `${tableLine(pick(row.split(SEPARATOR)), columns, widths, dresses)}\n`;
      });
      yield lines.join('');
    }
  }

  #kindOf(cells: readonly Cell[]): readonly Dress[] {
    const dressOf = (cell: Cell): Dress => (typeof cell === 'string' ? plain : cell.dress);
    const known = this.#kinds.find((kind) =>
      cells.every((cell, index) => kind[index] === dressOf(cell)),
    );
    if (known !== undefined) return known;
    const kind = cells.map(dressOf);
    this.#kinds.push(kind);
    return kind;
  }
}
