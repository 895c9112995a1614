import { ZmintError } from '../../src/errors.js';

/** By name only is the CA changed without a backup. */
export const NO_BACKUP_CHECK = {
  kind: 'flag',
  flag: '--no-backup-check',
  summary: 'change the CA without a fresh verified backup',
} as const;

/** The error where the CA is only requested: the import changes it. */
export function backupIsLater(): ZmintError {
  const fact =
    'a request changes no CA and wants no backup: --no-backup-check goes with the import';
  return new ZmintError('usage', fact, { hint: 'zmint ssl import FILE --no-backup-check' });
}
