import { ZmintError } from '../errors.js';

/** Whether a key cannot be had now, and nothing is wrong with it: nobody to ask, or its token is elsewhere. */
export function isKeyOutOfReach(error: unknown): boolean {
  if (!(error instanceof ZmintError)) return false;
  return error.code === 'question-unanswered' || error.code === 'token-unavailable';
}
