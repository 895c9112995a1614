import { writeFileSync } from 'node:fs';

const FILTER = '/proc/self/coredump_filter';

/**
 * Leaves the memory of this process, and so keys and passphrases, out of core files (core(5)): on
 * Linux by its core dump filter, which programs that it starts inherit. Elsewhere, and where /proc
 * is not there, it does nothing.
 */
export function keepMemoryOutOfCoreFiles(): void {
  try {
    writeFileSync(FILTER, '0');
  } catch {
    // Not Linux, or a sandbox without /proc: then only `ulimit -c 0` helps, as the reference says.
  }
}
