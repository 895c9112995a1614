import { readFileSync } from 'node:fs';

/** What others see of a process; empty when it has just ended. */
export function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'latin1').replace(/\0+$/u, '');
  } catch {
    return '';
  }
}
