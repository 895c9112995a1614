/** All rows of batches, in their order. */
export async function gather<Row>(batches: AsyncIterable<readonly Row[]>): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const batch of batches) rows.push(...batch);
  return rows;
}

/** The other way: rows as batches of so many. */
export async function* inBatches<Row>(
  rows: readonly Row[],
  size: number,
): AsyncGenerator<readonly Row[], void> {
  for (let start = 0; start < rows.length; start += size)
    yield await Promise.resolve(rows.slice(start, start + size));
}
