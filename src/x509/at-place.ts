import { ZmintError } from '../errors.js';

/** Runs the reader; what it finds unreadable is told with the place in front: file, block, entry. */
export function atPlace<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw toldAtPlace(place, error);
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
