/** So many entries of a long list are kept; of the rest only how many there are. */
export const MOST_LISTED = 1000;

/** The beginning of a list that may be too long to be kept, and how long it is. */
export interface CutList<Entry> {
  readonly total: number;
  /** At most `MOST_LISTED`. */
  readonly shown: readonly Entry[];
}

/** Collects a list of which only the beginning is kept. */
export class CutListBuilder<Entry> {
  readonly #shown: Entry[] = [];
  #total = 0;

  add(entry: Entry): void {
    this.#total += 1;
    if (this.#shown.length < MOST_LISTED) this.#shown.push(entry);
  }

  list(): CutList<Entry> {
    return { total: this.#total, shown: this.#shown };
  }
}
