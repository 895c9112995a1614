import { displayWidth, isPlain } from './display-width.js';
import { escapeText } from './escape-text.js';
import { fitWidths } from './fit-widths.js';
import type { Cell, Column, Surface } from './table-cells.js';
import { plainLine, tableLine, type Dress } from './table-line.js';

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
  /** Whether each character of all rows takes one column. */
  #plain = true;

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
    // Counted, as a list has a hundred thousand rows.
    const texts: string[] = [];
    for (let index = 0; index < cells.length; index += 1) {
      const cell = cells[index] ?? '';
      const text = this.#shown(typeof cell === 'string' ? cell : cell.text);
      const width = this.#plain ? text.length : displayWidth(text);
      if (width > (this.#widths[index] ?? 0)) this.#widths[index] = width;
      texts.push(text);
    }
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
    const line = this.#plain ? plainLine : tableLine;
    const dresses = new Map(this.#kinds.map((kind) => [kind, pick(kind)]));
    for (let start = 0; start < this.#rows.length; start += PIECE_ROWS) {
      let piece = '';
      for (let at = start; at < Math.min(start + PIECE_ROWS, this.#rows.length); at += 1) {
        const texts = pick((this.#rows[at] ?? '').split(SEPARATOR));
        piece += `${line(texts, columns, widths, dresses.get(this.#dresses[at] ?? []) ?? [])}\n`;
      }
      yield piece;
    }
  }

  #shown(text: string): string {
    if (isPlain(text)) return text;
    this.#plain = false;
    return escapeText(text);
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
