import type { ErrorCode } from '../../src/errors.js';

/** How the commands that put a satellite's certificate can end. */
export const IMPORT_STATUSES: readonly ErrorCode[] = [
  'question-unanswered',
  'no-zone',
  'busy',
  'wrong-passphrase',
  'operation-pending',
  'plan-outdated',
  'unknown-member',
  'ambiguous-member',
  'not-found',
  'unsafe-path',
  'damaged',
  'unreadable',
  'key-mismatch',
  'chain-untrusted',
  'not-valid-then',
  'policy',
  'unreachable',
  'served-differs',
  'reload-failed',
  'storage',
];
