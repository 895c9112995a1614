import type { ErrorCode } from '../../src/errors.js';

/** What every change that needs a key of the CA can end with. */
export const KEY_STATUSES: readonly ErrorCode[] = [
  'question-unanswered',
  'no-zone',
  'busy',
  'wrong-passphrase',
  'operation-pending',
  'plan-outdated',
  'not-found',
  'unsafe-path',
  'damaged',
  'unreadable',
  'policy',
  'storage',
];
