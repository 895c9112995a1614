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
