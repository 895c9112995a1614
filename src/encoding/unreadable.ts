import { ZmintError } from '../errors.js';

/** The error for bytes that are not what they should be, to be thrown by whoever reads them. */
export function unreadable(fact: string, cause?: unknown): ZmintError {
  return new ZmintError('unreadable', fact, cause === undefined ? {} : { cause });
}
