import { ZmintError } from '../errors.js';

/** Runs the reader; what it finds unreadable is told with the place in front: file, block, entry. */
export function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toldAtPlace(place, error);
  }
}

/** What the reader finds; instead of `unreadable` a thing that says why it cannot be read. */
export function orDamaged<T>(
  read: () => T,
): T | { readonly kind: 'damaged'; readonly reason: string } {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ZmintError) || error.code !== 'unreadable') throw error;
    return { kind: 'damaged', reason: error.message };
  }
}

/** The error to throw in place of another one; anything but `unreadable` and `wrong-passphrase` stays as it is. */
export function toldAtPlace(place: string, error: unknown): unknown {
  if (place === '' || !(error instanceof ZmintError)) return error;
  if (error.code !== 'unreadable' && error.code !== 'wrong-passphrase') return error;
  return new ZmintError(error.code, `${place}: ${error.message}`, {
    ...(error.hint === undefined ? {} : { hint: error.hint }),
    details: error.details,
    cause: error,
  });
}
