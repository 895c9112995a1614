import process from 'node:process';

/** Runs the work so that every file it creates is open to its owner alone from its first instant. */
export function withPrivateUmask<Result>(work: () => Result): Result {
  const before = process.umask(0o077);
  try {
    return work();
  } finally {
    process.umask(before);
  }
}
