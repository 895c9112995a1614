import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  berChildrenOf,
  berOctets,
  firstTagInside,
  readBer,
  readBerPrefix,
} from '../../src/encoding/ber.js';
import { writeDer, writeOctetString, writeSequence } from '../../src/encoding/der-writer.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { ZmintError } from '../../src/errors.js';
import { refusalOf } from '../support/refusal-of.js';

describe('what is read', () => {
  test.each([
    ['DER', '30060401aa0401bb', ['0401aa', '0401bb']],
    ['an indefinite length', '30800401aa0401bb0000', ['0401aa', '0401bb']],
    ['one inside another', '308030800401aa00000000', ['30800401aa0000']],
    ['a length that is not minimal', '3081030401aa', ['0401aa']],
    ['nothing inside', '30800000', []],
  ])('%s', (_what, hex, children) => {
    const element = readBer(fromHex(hex));
    expect(berChildrenOf(element).map(({ bytes }) => toHex(bytes))).toEqual(children);
  });

  test('an OCTET STRING in parts is joined, whatever their depth', () => {
    const element = readBer(fromHex('24800401aa240804020bcc040201020000'));
    expect(toHex(berOctets(element, 'it'))).toBe('aa0bcc0102');
  });

  test('offsets are those of the file, behind indefinite lengths too', () => {
    const [first, second] = berChildrenOf(readBer(fromHex('30800401aa0401bb0000'), 100));
    expect([first?.offset, second?.offset]).toEqual([102, 105]);
  });

  test('what lies behind a prefix is left alone', () => {
    expect(toHex(readBerPrefix(fromHex('0401aaffff')).bytes)).toBe('0401aa');
  });

  test.each([
    ['3003020100', 2],
    ['308103020100', 2],
    ['3080020100', 2],
    ['3082000306012a', 6],
    ['30', undefined],
  ])('the first tag inside %s is %s', (hex, tag) => {
    expect(firstTagInside(fromHex(hex))).toBe(tag);
  });
});

describe('what is refused, with its byte', () => {
  test.each([
    ['', 'byte 0: an element is missing'],
    ['3003', 'byte 0: it is cut short'],
    ['30800401aa', 'byte 0: it is cut short'],
    ['0480', 'byte 0: a primitive type has no length'],
    ['1f0100', 'byte 0: the tag number is above 30'],
    ['3085000000000100', 'more than four octets'],
    ['0401aa00', 'byte 3: there are bytes behind the end'],
    ['3080'.repeat(40), 'nested deeper than 32'],
  ])('%s', (hex, fact) => {
    expect(refusalOf(() => readBer(fromHex(hex))).message).toContain(fact);
  });

  test('parts that are no octets', () => {
    const element = readBer(fromHex('2403020101'));
    expect(refusalOf(() => berOctets(element, 'the safe')).message).toContain('wrong type');
  });

  test('seventy thousand parts', () => {
    const many = readBer(
      writeSequence(new Uint8Array(140_000).map((_, at) => (at % 2 === 0 ? 5 : 0))),
    );
    expect(refusalOf(() => berChildrenOf(many)).message).toContain('too many parts');
  });
});

test('whatever the bytes, an element or a typed error comes out', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      try {
        berChildrenOf(readBerPrefix(bytes));
      } catch (error) {
        expect(error).toBeInstanceOf(ZmintError);
      }
    }),
    { numRuns: 2000 },
  );
});

test('octets come back however they are cut into parts', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 9 }), (parts) => {
      const whole = writeDer(0x24, ...parts.map(writeOctetString));
      expect(toHex(berOctets(readBer(whole), 'it'))).toBe(parts.map(toHex).join(''));
    }),
  );
});
