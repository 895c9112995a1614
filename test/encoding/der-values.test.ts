import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { childrenOf, readDer } from '../../src/encoding/der.js';
import { fieldsOf } from '../../src/encoding/der-fields.js';
import { TAG } from '../../src/encoding/der-tag.js';
import {
  readAscii,
  readEmbedded,
  readOctetAlignedBits,
  readOid,
  readSmallInteger,
  readUnsigned,
} from '../../src/encoding/der-values.js';
import {
  writeBits,
  writeDer,
  writeNamedBits,
  writeOctetString,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUnsigned,
} from '../../src/encoding/der-writer.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { refusalOf } from '../support/refusal-of.js';

describe('object identifiers', () => {
  test.each([
    ['2.5.29.17', '0603551d11'],
    ['1.2.840.113549.1.1.11', '06092a864886f70d01010b'],
    ['0.9.2342.19200300.100.1.25', '060a0992268993f22c640119'],
    ['2.999', '06028837'],
    ['1.39', '06014f'],
    ['2.0', '060150'],
  ])('%s is %s', (dotted, hex) => {
    expect(toHex(writeOid(dotted))).toBe(hex);
    expect(readOid(readDer(fromHex(hex)))).toBe(dotted);
  });

  test('an arc beyond what a number holds is refused', () => {
    const refusal = refusalOf(() => readOid(readDer(fromHex(`060b2a${'ff'.repeat(9)}7f`))));
    expect(refusal.message).toContain('arc that is too large');
  });

  test.each(['', '1', '3.1', '1.2.', '1..2', '01.2', '1.2.x'])('"%s" is none', (text) => {
    expect(refusalOf(() => writeOid(text)).code).toBe('bug');
  });

  test('any is read as it was written', () => {
    const arc = fc.integer({ min: 0, max: 2 ** 45 });
    const oid = fc
      .tuple(fc.nat(2), fc.nat(39), fc.array(arc, { maxLength: 10 }))
      .map(([root, second, rest]) => [root, second, ...rest].join('.'));
    fc.assert(
      fc.property(oid, (dotted) => {
        expect(readOid(readDer(writeOid(dotted)))).toBe(dotted);
      }),
    );
  });
});

describe('integers', () => {
  test.each([
    ['', '020100'],
    ['00', '020100'],
    ['0000ff', '020200ff'],
    ['7f', '02017f'],
    ['0100', '02020100'],
  ])('the octets %s are %s', (octets, hex) => {
    expect(toHex(writeUnsigned(fromHex(octets)))).toBe(hex);
  });

  test('any is read as it was written, without leading zeros', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 30 }), (octets) => {
        const first = octets.findIndex((octet) => octet !== 0);
        const digits = first === -1 ? Uint8Array.of(0) : octets.slice(first);
        expect(toHex(readUnsigned(readDer(writeUnsigned(octets)), 'it'))).toBe(toHex(digits));
      }),
    );
  });

  test.each([
    ['020100', 0],
    ['02017f', 127],
    ['02020080', 128],
    ['02047fffffff', 2_147_483_647],
  ])('%s is %s', (hex, value) => {
    expect(readSmallInteger(readDer(fromHex(hex)), 'it')).toBe(value);
  });

  test.each([
    ['0201ff', 'it is negative'],
    ['02050080000000', 'it is too large'],
  ])('%s: %s', (hex, fact) => {
    expect(refusalOf(() => readSmallInteger(readDer(fromHex(hex)), 'it')).message).toContain(fact);
  });
});

describe('strings of bits and octets', () => {
  test.each([
    [[], '030100'],
    [[0], '03020780'],
    [[5, 6], '03020106'],
    [[0, 2], '030205a0'],
    [[8], '0303070080'],
  ])('the named bits %j are %s', (bits, hex) => {
    expect(toHex(writeNamedBits(bits))).toBe(hex);
    expect(toHex(readDer(fromHex(hex)).bytes)).toBe(hex);
  });

  test('bits that are not whole octets are no signature', () => {
    const bits = readDer(writeNamedBits([0]));
    expect(refusalOf(() => readOctetAlignedBits(bits, 'it')).message).toContain('not whole octets');
    expect(toHex(readOctetAlignedBits(readDer(writeBits(fromHex('0102'))), 'it'))).toBe('0102');
  });

  test('text is ASCII or refused', () => {
    expect(readAscii(readDer(fromHex('16024142')), 'it')).toBe('AB');
    expect(refusalOf(() => readAscii(readDer(fromHex('160180')), 'it')).code).toBe('unreadable');
  });

  test('an element inside an OCTET STRING counts its bytes from the outside', () => {
    const outer = writeSequence(
      writeOctetString(fromHex('0500')),
      writeOctetString(fromHex('0501')),
    );
    const [first, second] = childrenOf(readDer(outer));
    expect(first && readEmbedded(first)).toMatchObject({ tag: 0x05, offset: 4 });
    expect(refusalOf(() => second && readEmbedded(second)).message).toContain('at byte 8');
  });
});

test('lengths are minimal at every border', () => {
  for (const length of [0, 1, 127, 128, 255, 256, 65_535, 65_536]) {
    const der = writeDer(TAG.octetString, new Uint8Array(length));
    expect(readDer(der).content).toHaveLength(length);
  }
});

test('a SET OF is sorted, whatever order its elements came in', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 5 }), { maxLength: 8 }), (contents) => {
      const elements = contents.map((content) => writeOctetString(content));
      const set = readDer(writeSetOf(...elements));
      expect(childrenOf(set)).toHaveLength(elements.length);
      expect(toHex(set.bytes)).toBe(toHex(writeSetOf(...elements.reverse())));
    }),
  );
});

describe('fields of a structure', () => {
  const open = (hex: string): ReturnType<typeof fieldsOf> =>
    fieldsOf(readDer(fromHex(hex)), TAG.sequence, 'the thing');

  test('are taken in order', () => {
    const fields = open('30050201010500');
    expect(fields.maybe(TAG.boolean)).toBeUndefined();
    expect(fields.next(TAG.integer, 'number')).toMatchObject({ offset: 2 });
    expect(fields.peek()).toMatchObject({ tag: TAG.null });
    expect(fields.any('null')).toMatchObject({ offset: 5 });
    expect(fields.peek()).toBeUndefined();
    expect(() => {
      fields.end();
    }).not.toThrow();
  });

  test.each([
    ['0500', () => open('0500'), 'byte 0: the thing has the wrong type'],
    ['nothing', () => open('3000').any('number'), 'byte 0: the thing has no number'],
    [
      'NULL',
      () => open('30020500').next(TAG.integer, 'number'),
      'byte 2: number has the wrong type',
    ],
    [
      'one more',
      () => {
        open('30020500').end();
      },
      'byte 2: the thing has a field too many',
    ],
  ])('%s is refused', (_what, call, message) => {
    expect(refusalOf(call).message).toContain(message);
  });
});
