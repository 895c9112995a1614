import type { ZmintError } from '../errors.js';
import { unreadable } from './unreadable.js';

/** The error for bytes that break a rule of DER: where, and which. */
export function derFault(offset: number, reason: string): ZmintError {
  return unreadable(`no canonical DER at byte ${offset}: ${reason}`);
}
