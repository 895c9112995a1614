import { spawnSync } from 'node:child_process';

/** Makes a named pipe, 0600. */
export function makePipe(path: string): void {
  const made = spawnSync('/bin/sh', ['-c', 'mkfifo -m 600 "$1"', 'sh', path]);
  if (made.status !== 0) throw new Error(`no pipe: ${made.stderr.toString()}`);
}
