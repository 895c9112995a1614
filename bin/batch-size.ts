/** So many members are read, worked on and recorded at once. */
export const BATCH_SIZE = 250;
