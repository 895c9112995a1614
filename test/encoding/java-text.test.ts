import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createByteReader } from '../../src/encoding/byte-reader.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { decodeModifiedUtf8, encodeModifiedUtf8 } from '../../src/encoding/modified-utf8.js';
import { refusalOf } from '../support/refusal-of.js';

describe("Java's modified UTF-8", () => {
  test.each([
    ['web1', '77656231'],
    ['é', 'c3a9'],
    ['\0', 'c080'],
    ['€', 'e282ac'],
    ['😀', 'eda0bdedb880'],
  ])('%j', (text, hex) => {
    expect(toHex(encodeModifiedUtf8(text))).toBe(hex);
    expect(decodeModifiedUtf8(fromHex(hex))).toBe(text);
  });

  test('any text comes back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodeModifiedUtf8(encodeModifiedUtf8(text))).toBe(text);
      }),
    );
  });

  test.each(['80', 'c3', 'e282', 'c328', 'f09f9880'])('%s is damaged', (hex) => {
    expect(refusalOf(() => decodeModifiedUtf8(fromHex(hex))).message).toContain(
      'damaged at its byte 0',
    );
  });
});

describe('the reader of bytes', () => {
  test('takes numbers and octets in their order', () => {
    const reader = createByteReader(fromHex('0102000000030000000000000004ff'));
    expect(reader.uint16('a')).toBe(258);
    expect(reader.uint32('b')).toBe(3);
    expect(reader.uint64('c')).toBe(4n);
    expect(toHex(reader.bytes(1, 'd'))).toBe('ff');
    expect(reader.offset()).toBe(15);
    reader.end('it');
  });

  test('names the byte where something is missing or left', () => {
    const reader = createByteReader(fromHex('0102'));
    expect(refusalOf(() => reader.uint32('count')).message).toBe(
      'the count at byte 0 is cut short',
    );
    expect(
      refusalOf(() => {
        reader.end('the store');
      }).message,
    ).toContain('behind the end of the store, at byte 0');
  });
});
