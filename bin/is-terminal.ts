import { fstatSync, statSync } from 'node:fs';

/**
 * Whether a descriptor is a terminal. Node's own `isatty` comes with all that a terminal's streams need,
 * so that it is loaded only for a device that may be one.
 */
export function isTerminal(descriptor: 0 | 1 | 2): boolean {
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isCharacterDevice() || facts.rdev === statSync('/dev/null').rdev) return false;
  } catch {
    // A descriptor that is closed.
    return false;
  }
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}
