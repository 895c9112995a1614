import { closeSync, fsyncSync, mkdirSync, openSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ZmintError } from '../../errors.js';
import { renderInstant, type Instant } from '../../zone/instant.js';
import { fileError } from '../fs/file-error.js';
import type { Connection } from './connection.js';
import { openForReading } from './open-connection.js';
import { withPrivateUmask } from './private-umask.js';

/**
 * Copies the database to `backups/` before its schema changes: whole, 0600, read back, durable.
 * Returns the path of the copy. Throws `storage` when the disk refuses; then there is no copy.
 */
export function copyDatabase(connection: Connection, version: number, at: Instant): string {
  const folder = join(dirname(connection.path), 'backups');
  const stamp = renderInstant(at).replace(/[-:]/gu, '');
  const copy = join(folder, `zone-schema-${version}-${stamp}.db`);
  const partial = `${copy}.partial`;
  withPrivateUmask(() => {
    attempt('prepare', folder, () => {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      rmSync(partial, { force: true });
    });
    connection.run('VACUUM INTO ?', [partial]);
    requireSound(partial);
    attempt('write', copy, () => {
      sync(partial);
      renameSync(partial, copy);
      sync(folder);
    });
  });
  return copy;
}

function requireSound(path: string): void {
  const copy = openForReading(path);
  try {
    if (copy.setting('integrity_check') === 'ok') return;
  } finally {
    copy.close();
  }
  throw new ZmintError('damaged', `the copy ${path} does not read back`, { hint: 'zmint doctor' });
}

function sync(path: string): void {
  const descriptor = openSync(path, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function attempt(action: string, path: string, work: () => void): void {
  try {
    work();
  } catch (error) {
    throw fileError(error, action, path);
  }
}
