import type { ErrorCode } from '../../src/errors.js';

/** What every command about backups can end with. */
export const BACKUP_STATUSES: readonly ErrorCode[] = [
  'question-unanswered',
  'wrong-passphrase',
  'not-found',
  'unsafe-path',
  'damaged',
  'unreadable',
  'storage',
];

/** A zone for examples. */
export const BACKUP_GIVEN: readonly string[] = [
  'zmint init --name Example --server ca1 --dns ca1.example.com --no-passphrase --yes',
];

/** The same with a backup. */
export const BACKED_UP: readonly string[] = [
  ...BACKUP_GIVEN,
  'zmint ca backup zone.age --passphrase-file secret.txt --yes',
];
