import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { assertCanonicalDer, childrenOf, readDer } from '../../src/encoding/der.js';
import { writeDer, writeSequence } from '../../src/encoding/der-writer.js';
import { fromHex, toHex } from '../../src/encoding/hex.js';
import { ZmintError } from '../../src/errors.js';
import { refusalOf } from '../support/refusal-of.js';
import { costOf } from '../support/cpu-time.js';

function nested(depth: number): Uint8Array {
  let der = writeSequence();
  for (let level = 1; level < depth; level += 1) der = writeSequence(der);
  return der;
}

describe('what is canonical DER', () => {
  test.each([
    ['3000', 'an empty SEQUENCE'],
    ['0101ff', 'TRUE'],
    ['010100', 'FALSE'],
    ['020100', 'zero'],
    ['020200ff', '255 needs a sign octet'],
    ['0201ff', 'minus one'],
    ['0202ff7f', '-129'],
    ['0a0200ff', 'an ENUMERATED'],
    ['0500', 'NULL'],
    ['030100', 'an empty BIT STRING'],
    ['030206c0', 'a BIT STRING with unused bits that are zero'],
    ['06032a0304', 'an OBJECT IDENTIFIER'],
    ['0603818001', 'an arc with 80 inside'],
    ['0c03e282ac', 'UTF-8'],
    ['3106020101020102', 'a sorted SET'],
    ['3106020101020101', 'a SET with equal elements'],
    ['a003020102', 'an explicit tag'],
    ['8003020102', 'an implicit tag is not judged inside'],
    [`0481ff${'00'.repeat(255)}`, 'one length octet'],
    [`04820100${'00'.repeat(256)}`, 'two length octets'],
  ])('%s: %s', (hex) => {
    expect(() => {
      assertCanonicalDer(fromHex(hex));
    }).not.toThrow();
  });

  test('32 levels', () => {
    expect(toHex(readDer(nested(32)).bytes)).toBe(toHex(nested(32)));
  });
});

describe('what is not, with the byte and the reason', () => {
  test.each([
    ['', 0, 'an element is missing'],
    ['30', 0, 'cut short'],
    ['3001', 0, 'cut short'],
    ['300305', 0, 'cut short'],
    ['30030500', 0, 'cut short'],
    ['3003020101ff', 5, 'bytes behind the end'],
    ['30000000', 2, 'bytes behind the end'],
    ['30800500', 0, 'indefinite'],
    ['3080000000', 0, 'indefinite'],
    ['30810500', 0, 'not minimal'],
    ['3081020500', 0, 'not minimal'],
    [`04817f${'00'.repeat(127)}`, 0, 'not minimal'],
    [`048200ff${'00'.repeat(255)}`, 0, 'not minimal'],
    ['3082', 0, 'cut short'],
    ['308201', 0, 'cut short'],
    ['30847fffffff', 0, 'cut short'],
    ['3085010000000000', 0, 'more than four'],
    ['30ff00', 0, 'more than four'],
    ['1f0100', 0, 'above 30'],
    ['0000', 0, 'end-of-contents'],
    ['30020000', 2, 'end-of-contents'],
    ['0100', 0, 'BOOLEAN'],
    ['010101', 0, 'BOOLEAN'],
    ['0102ffff', 0, 'BOOLEAN'],
    ['0200', 0, 'INTEGER is empty'],
    ['02020001', 0, 'INTEGER is not minimal'],
    ['0202ff80', 0, 'INTEGER is not minimal'],
    ['0a020001', 0, 'INTEGER is not minimal'],
    ['0300', 0, 'BIT STRING is empty'],
    ['030101', 0, 'more bits unused'],
    ['03020800', 0, 'more bits unused'],
    ['030206e0', 0, 'not zero'],
    ['050100', 0, 'NULL'],
    ['0600', 0, 'OBJECT IDENTIFIER is empty'],
    ['06022a83', 0, 'cut short'],
    ['06032a8001', 0, 'OBJECT IDENTIFIER is not minimal'],
    ['0601802a', 3, 'bytes behind the end'],
    ['0602802a', 0, 'OBJECT IDENTIFIER is not minimal'],
    ['0c01ff', 0, 'UTF-8'],
    ['0c03eda080', 0, 'UTF-8'],
    ['0c02c080', 0, 'UTF-8'],
    ['1000', 0, 'SEQUENCE is primitive'],
    ['1100', 0, 'SET is primitive'],
    ['2404040100', 0, 'cut short'],
    ['2403040100', 0, 'constructed'],
    ['2c030c0141', 0, 'constructed'],
    ['3106020102020101', 0, 'SET is not sorted'],
    ['300a0500a0060c010a0c01ff', 9, 'UTF-8'],
  ])('%s: at %s, %s', (hex, offset, reason) => {
    const refusal = refusalOf(() => readDer(fromHex(hex)));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toContain(`at byte ${offset}: `);
    expect(refusal.message).toContain(reason);
  });

  test('33 levels', () => {
    expect(refusalOf(() => readDer(nested(33))).message).toContain(
      'at byte 64: it is nested deeper',
    );
  });

  test('a hundred thousand levels, without running out of stack', () => {
    const bomb = new Uint8Array(200_000).fill(0x30);
    expect(refusalOf(() => readDer(bomb)).code).toBe('unreadable');
    const deep = nested(10_000);
    expect(refusalOf(() => readDer(deep)).message).toContain('nested deeper');
  });

  test('more than a mebibyte', () => {
    const large = writeDer(0x04, new Uint8Array(1_048_576));
    expect(refusalOf(() => readDer(large)).message).toContain('more than 1048576 bytes');
  });

  test('half a million elements cost what their number costs', () => {
    const many = writeSequence(new Uint8Array(1_000_000).map((_, index) => (index % 2 ? 0 : 5)));
    const spent = costOf(100, () => {
      expect(childrenOf(readDer(many))).toHaveLength(500_000);
    });
    expect(spent).toBeLessThan(100);
  });

  test('offsets are counted from the base', () => {
    expect(refusalOf(() => readDer(fromHex('0500ff'), 100)).message).toContain('at byte 102');
  });
});

test('whatever the bytes, they are read or refused as unreadable', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
      try {
        expect(readDer(bytes).bytes).toEqual(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(ZmintError);
        expect(error).toMatchObject({ code: 'unreadable' });
      }
    }),
    { numRuns: 20_000 },
  );
});
