import { createHash } from 'node:crypto';
import type { Digest } from '../../ports/digest.js';

/** Hash functions of node:crypto. */
export function createNodeDigest(): Digest {
  return {
    sha256: (data) => hash('sha256', data),
    sha1: (data) => hash('sha1', data),
    md5: (data) => hash('md5', data),
  };
}

function hash(algorithm: string, data: Uint8Array): string {
  return createHash(algorithm).update(data).digest('hex');
}
