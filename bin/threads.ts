/** Programs of threads, as texts. */
export interface ThreadPrograms {
  /** `fs-lane.ts`: writes sets. Empty: the thread that made them writes them. */
  readonly writeSets: string;
}

/** The build puts the programs here. */
export const THREADS: ThreadPrograms = { writeSets: '' };
