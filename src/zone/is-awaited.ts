import type { OperationMember } from './operation.js';

/** Whether a server waits for the certificate that an external CA makes for it in this operation. */
export function isAwaited({ planned, creation }: OperationMember): boolean {
  return planned?.awaited === true && creation === null;
}
