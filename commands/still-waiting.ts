import { ZmintError } from '../src/errors.js';

/** The error of writing a result to a file, with what is done all the same and how to get it again. */
export function stillWaiting(error: unknown, safe: string, hint: string): unknown {
  if (!(error instanceof ZmintError)) return error;
  const { code, message, details } = error;
  return new ZmintError(code, `${message}; ${safe}`, { hint, details, cause: error });
}
