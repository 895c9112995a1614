/** Work that is done at once, as a promise: what it throws rejects the promise. */
export function settle<T>(work: () => T): Promise<T> {
  return new Promise((resolve) => {
    resolve(work());
  });
}
