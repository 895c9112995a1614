import { ZmintError } from '../../errors.js';
import { CKR } from './cryptoki.js';

const WRONG_PIN: ReadonlySet<number> = new Set([
  CKR.pinIncorrect,
  CKR.pinInvalid,
  CKR.pinLengthRange,
  CKR.pinLocked,
]);

/** The return value of a call that failed; undefined for an error that is not PKCS#11's. */
export function returnValue(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'number' ? error.code : undefined;
}

/** Whether a login failed for its PIN. */
export function isWrongPin(error: unknown): boolean {
  return WRONG_PIN.has(returnValue(error) ?? -1);
}

/** What is thrown when a token, or what leads to it, is not there. */
export function unavailable(message: string, hint: string, cause?: unknown): ZmintError {
  return new ZmintError('token-unavailable', message, { hint, cause });
}

/** What is thrown for a call that a token refused: with the name of the return value, never with data. */
export function refusedBy(token: string, doing: string, error: unknown): ZmintError {
  if (error instanceof ZmintError) return error;
  const fact = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  const name = /CKR_\w+/u.exec(fact)?.[0] ?? fact;
  return unavailable(
    `the token ${token} failed at ${doing}: ${name}`,
    'look whether it is plugged in and answers: zmint doctor',
    error,
  );
}
