import { describe, expect, test } from '@jest/globals';
import { createSlab } from '../../src/encoding/slab.js';

describe('createSlab', () => {
  test('gives zeroed pieces that do not overlap, over many blocks', () => {
    const take = createSlab(64);
    const pieces = Array.from({ length: 100 }, (_, index) => {
      const piece = take((index * 7) % 65);
      expect(piece.every((octet) => octet === 0)).toBe(true);
      piece.fill(index + 1);
      return piece;
    });
    pieces.forEach((piece, index) => {
      expect(piece).toHaveLength((index * 7) % 65);
      expect(piece.every((octet) => octet === index + 1)).toBe(true);
    });
  });

  test('gives a piece that is larger than a block, and goes on with the block', () => {
    const take = createSlab(8);
    const [small, large, next] = [take(3), take(9), take(5)];
    expect(large).toHaveLength(9);
    expect(next.buffer).toBe(small.buffer);
    expect(next.byteOffset).toBe(3);
  });
});
