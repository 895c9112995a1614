import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { decodeBase64, encodeBase64 } from '../../src/encoding/base64.js';
import { compareBytes, concatBytes, equalBytes } from '../../src/encoding/bytes.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { decodeUtf8, encodeUtf8 } from '../../src/encoding/utf8.js';
import { refusalOf } from '../support/refusal-of.js';

const bytes = fc.uint8Array({ maxLength: 100 });

test('base64 is that of Node, both ways', () => {
  fc.assert(
    fc.property(bytes, (octets) => {
      const text = Buffer.from(octets).toString('base64');
      expect(encodeBase64(octets)).toBe(text);
      expect(decodeBase64(text)).toEqual(octets);
    }),
  );
});

describe('base64 that is not strict', () => {
  test.each([
    'A',
    'AA',
    'AAA',
    'A===',
    '====',
    'AA=A',
    'AB==',
    'AAB=',
    'AA==AAAA',
    'AA A',
    'AA\n=',
    'A-A_',
  ])('%j is refused', (text) => {
    expect(refusalOf(() => decodeBase64(text)).code).toBe('unreadable');
  });
});

test('a text has at most one decoding that encodes to it', () => {
  const digit = fc.constantFrom('A', 'B', 'a', 'b', '0', '1', '+', '/', '=');
  fc.assert(
    fc.property(fc.array(digit, { maxLength: 12 }), (digits) => {
      const text = digits.join('');
      try {
        expect(encodeBase64(decodeBase64(text))).toBe(text);
      } catch (error) {
        expect(error).toMatchObject({ code: 'unreadable' });
      }
    }),
    { numRuns: 2000 },
  );
});

test('hexadecimal is that of Node, both ways, and read in either case', () => {
  fc.assert(
    fc.property(bytes, (octets) => {
      const text = Buffer.from(octets).toString('hex');
      expect(toHex(octets)).toBe(text);
      expect(fromHex(text)).toEqual(octets);
      expect(fromHex(text.toUpperCase())).toEqual(octets);
    }),
  );
});

test.each(['0', 'zz', '0x00', '00 00', '00:00', '-1'])('"%s" is no hexadecimal', (text) => {
  expect(refusalOf(() => fromHex(text)).code).toBe('unreadable');
});

test('text comes back from UTF-8, a byte order mark too', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), (text) => {
      expect(decodeUtf8(encodeUtf8(text))).toBe(text);
    }),
  );
  expect(decodeUtf8(Uint8Array.of(0xef, 0xbb, 0xbf, 0x41))).toBe('\uFEFFA');
});

test.each(['ff', 'c080', 'eda080', 'f4908080', 'e282'])('%s is no UTF-8', (hex) => {
  expect(refusalOf(() => decodeUtf8(fromHex(hex))).code).toBe('unreadable');
});

test('bytes are joined, compared and told apart', () => {
  expect(concatBytes([])).toEqual(new Uint8Array());
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(concatBytes([a, b])).toEqual(Uint8Array.from([...a, ...b]));
      expect(Math.sign(compareBytes(a, b))).toBe(Buffer.compare(a, b));
      expect(equalBytes(a, b)).toBe(Buffer.compare(a, b) === 0);
      expect(equalBytes(a, Uint8Array.from(a))).toBe(true);
    }),
  );
});
