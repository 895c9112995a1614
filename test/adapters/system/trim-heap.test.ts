import { describe, expect, test } from '@jest/globals';
import { createHeapTrimmer } from '../../../src/adapters/system/trim-heap.js';

describe('createHeapTrimmer', () => {
  test('collects what came since the start or the last collection, not what stays', () => {
    const seen: number[] = [];
    let used = 500;
    const trim = createHeapTrimmer(100, {
      used: () => used,
      collect: () => {
        seen.push(used);
        used -= 90;
      },
    });
    for (const now of [500, 599, 600, 609, 610, 619]) {
      used = now;
      trim();
    }
    expect(seen).toEqual([600, 610]);
  });

  test('without a heap of its own it makes V8 collect', () => {
    const held = new WeakRef({ garbage: new Array<number>(1000).fill(0) });
    const trim = createHeapTrimmer(-Infinity);
    return new Promise<void>((resolve) => {
      // What was made in this turn of the event loop is held by it.
      setTimeout(() => {
        trim();
        expect(held.deref()).toBeUndefined();
        resolve();
      }, 0);
    });
  });
});
