import type { ErrorCode } from '../../src/errors.js';

/** What every change of an administrator can end with. */
export const CHANGE_STATUSES: readonly ErrorCode[] = [
  'question-unanswered',
  'no-zone',
  'busy',
  'plan-outdated',
  'not-found',
  'unsafe-path',
  'damaged',
  'policy',
  'storage',
];

/** With a new password, which is read from somewhere. */
export const PASSWORD_STATUSES: readonly ErrorCode[] = [...CHANGE_STATUSES, 'unreadable'];
