import { ZmintError } from '../../src/errors.js';

/** The ZmintError that the call throws; anything else, or nothing, fails the test. */
export function refusalOf(call: () => unknown): ZmintError {
  try {
    call();
  } catch (error) {
    if (error instanceof ZmintError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}
