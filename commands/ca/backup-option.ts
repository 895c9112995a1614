/** By name only is the CA changed without a backup. */
export const NO_BACKUP_CHECK = {
  kind: 'flag',
  flag: '--no-backup-check',
  summary: 'change the CA without a fresh verified backup',
} as const;
