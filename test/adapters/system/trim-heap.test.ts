import { describe, expect, test } from '@jest/globals';
import { createHeapTrimmer } from '../../../src/adapters/system/trim-heap.js';

describe('createHeapTrimmer', () => {
  test('collects what came since the start or the last collection, not what stays', () => {
    const seen: string[] = [];
    let used = 500;
    const trim = createHeapTrimmer(100, {
      used: () => used,
      collectYoung: () => {
        seen.push(`young ${used}`);
        used -= 45;
      },
      collect: () => {
        seen.push(`all ${used}`);
        used -= 45;
      },
    });
    for (const now of [500, 599, 600, 609, 610, 619]) {
      used = now;
      trim();
    }
    expect(seen).toEqual(['young 600', 'all 555', 'young 610', 'all 565']);
  });

  test('where little is left by what was made last, that is enough', () => {
    const seen: string[] = [];
    let used = 500;
    const trim = createHeapTrimmer(100, {
      used: () => used,
      collectYoung: () => {
        used -= 80;
        seen.push(`young ${used}`);
      },
      collect: () => {
        used -= 15;
        seen.push(`all ${used}`);
      },
    });
    for (const more of [100, 80, 50, 60]) {
      used += more;
      trim();
    }
    expect(seen).toEqual(['young 520', 'young 520', 'young 550', 'all 535']);
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
