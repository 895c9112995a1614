import { expect, test } from '@jest/globals';
import { createNodeDigest } from '../../../src/adapters/crypto/digest.js';

const abc = new TextEncoder().encode('abc');

test('the digests of "abc" are those of FIPS 180-4 and RFC 1321', () => {
  const digest = createNodeDigest();
  expect(digest.sha256(abc)).toBe(
    'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
  );
  expect(digest.sha1(abc)).toBe('a9993e364706816aba3e25717850c26c9cd0d89d');
  expect(digest.md5(abc)).toBe('900150983cd24fb0d6963f7d28e17f72');
});

test('a view is hashed, not the buffer behind it', () => {
  const digest = createNodeDigest();
  expect(digest.sha256(Uint8Array.of(0, ...abc, 0).subarray(1, 4))).toBe(digest.sha256(abc));
});
