import { expect, test } from '@jest/globals';
import { createNodeRandom } from '../../../src/adapters/crypto/random.js';

test('random bytes are as many as asked for, and never the same', () => {
  const random = createNodeRandom();
  expect(random.bytes(0)).toHaveLength(0);
  const drawn = Array.from({ length: 200 }, () => random.bytes(17));
  expect(drawn.every((bytes) => bytes.length === 17)).toBe(true);
  expect(new Set(drawn.map((bytes) => bytes.join())).size).toBe(200);
});

test('every value of an octet comes, about equally often', () => {
  const counts = new Array<number>(256).fill(0);
  for (const octet of createNodeRandom().bytes(256 * 1000))
    counts[octet] = (counts[octet] ?? 0) + 1;
  // Eight standard deviations of a binomial count of mean 1000: never by chance.
  expect(Math.min(...counts)).toBeGreaterThan(750);
  expect(Math.max(...counts)).toBeLessThan(1250);
});

test('UUIDs are random ones, version 4', () => {
  const random = createNodeRandom();
  const uuids = Array.from({ length: 100 }, () => random.uuid());
  expect(new Set(uuids).size).toBe(100);
  for (const uuid of uuids) {
    expect(uuid).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/u);
  }
});
