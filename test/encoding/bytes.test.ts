import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { includesBytes } from '../../src/encoding/bytes.js';
import { encodePem } from '../../src/encoding/pem.js';
import { costOf } from '../support/cpu-time.js';
import { seededRandom } from '../support/seeded-random.js';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('whether a part stands in a whole', () => {
  test.each([
    ['', '', true],
    ['abc', '', true],
    ['', 'a', false],
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['xxabc', 'abc', true],
    ['abcxx', 'abc', true],
    ['aaab', 'aab', true],
    ['aabaaab', 'aaab', true],
    ['abab', 'abb', false],
    ['ab', 'b', true],
    ['xab', 'abc', false],
  ])('%j, %j: %s', (whole, part, expected) => {
    expect(includesBytes(bytes(whole), bytes(part))).toBe(expected);
  });

  test('is what Node answers, whatever the octets', () => {
    const few = fc.uint8Array({ max: 2, maxLength: 40 });
    const part = fc.uint8Array({ max: 2, maxLength: 5 });
    fc.assert(
      fc.property(few, part, (whole, one) => {
        expect(includesBytes(whole, one)).toBe(Buffer.from(whole).includes(Buffer.from(one)));
      }),
      { numRuns: 2000 },
    );
  });

  test('a list of revocations among others takes the time of reading them', () => {
    const random = seededRandom(7);
    const list = (size: number): string =>
      encodePem(
        'X509 CRL',
        new Uint8Array(size).map(() => Math.floor(random() * 256)),
      );
    const others = list(2_000_000);
    const one = bytes(list(1_000_000));
    const almost = Uint8Array.from(one);
    almost[one.length - 60] = 0x21;
    const whole = bytes(others + new TextDecoder().decode(almost) + others);
    const cost = costOf(20, () => {
      expect(includesBytes(whole, one)).toBe(false);
      expect(includesBytes(whole, almost)).toBe(true);
    });
    expect(cost).toBeLessThan(20);
  });
});
