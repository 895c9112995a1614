import { randomBytes, randomUUID } from 'node:crypto';
import type { Random } from '../../ports/random.js';

/** The operating system's randomness, through node:crypto. */
export function createNodeRandom(): Random {
  return {
    bytes: (length) => Uint8Array.from(randomBytes(length)),
    // Node keeps random values at hand for UUIDs; a forked or restored process must not share them.
    uuid: () => randomUUID({ disableEntropyCache: true }),
  };
}
