import { hash } from 'node:crypto';
import type { Digest } from '../../ports/digest.js';

/** Hash functions of node:crypto. */
export function createNodeDigest(): Digest {
  return {
    sha256: (data) => hash('sha256', data, 'hex'),
    sha1: (data) => hash('sha1', data, 'hex'),
    md5: (data) => hash('md5', data, 'hex'),
  };
}
