import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TAG } from '../../src/encoding/der-tag.js';
import {
  writeDer,
  writeOid,
  writeSequence,
  writeSetOf,
  writeUtf8String,
} from '../../src/encoding/der-writer.js';
import { fromHex } from '../../src/encoding/hex.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { ZmintError } from '../../src/errors.js';
import { NAME_ATTRIBUTES, type NameAttributeType } from '../../src/x509/attribute-types.js';
import {
  encodeDistinguishedName,
  parseDistinguishedName,
} from '../../src/x509/distinguished-name.js';
import { refusalOf } from '../support/refusal-of.js';

const cn = (value: string): ReturnType<typeof encodeDistinguishedName> =>
  encodeDistinguishedName([{ type: 'CN', value }]);
const attribute = (oid: string, value: Uint8Array): Uint8Array =>
  writeSequence(writeOid(oid), value);
const single = (oid: string, tag: number, content: string): Uint8Array =>
  writeSequence(writeSetOf(attribute(oid, writeDer(tag, fromHex(content)))));

describe('text as RFC 4514 has it', () => {
  test.each([
    ['plain', 'CN=plain', 'nothing to escape'],
    ['a, b', String.raw`CN=a\, b`, 'a comma'],
    ['a+b;c<d>e"f\\g', String.raw`CN=a\+b\;c\<d\>e\"f\\g`, 'all special characters'],
    ['#1', String.raw`CN=\#1`, 'a number sign at the start'],
    ['a#1', 'CN=a#1', 'a number sign elsewhere'],
    [' a ', String.raw`CN=\ a\ `, 'spaces at both ends'],
    ['a b', 'CN=a b', 'a space inside'],
    ['a=b', 'CN=a=b', 'an equals sign'],
    [' ', String.raw`CN=\ `, 'one space alone'],
    ['Lučić', 'CN=Lučić', 'letters beyond ASCII'],
    ['日本', 'CN=日本', 'other scripts'],
  ])('%j is %s (%s)', (value, text) => {
    expect(cn(value).text).toBe(text);
    expect(cn(value).attributes).toEqual([{ type: 'CN', value }]);
  });

  test('the last attribute stands first', () => {
    const name = encodeDistinguishedName([
      { type: 'C', value: 'DE' },
      { type: 'ST', value: 'Bayern' },
      { type: 'L', value: 'Nürnberg' },
      { type: 'O', value: 'Example, Inc.' },
      { type: 'OU', value: 'IT' },
      { type: 'CN', value: 'x' },
    ]);
    expect(name.text).toBe(String.raw`CN=x,OU=IT,O=Example\, Inc.,L=Nürnberg,ST=Bayern,C=DE`);
    expect(name.attributes.map(({ type }) => type)).toEqual(['C', 'ST', 'L', 'O', 'OU', 'CN']);
  });

  test('the empty name is empty', () => {
    expect(encodeDistinguishedName([])).toEqual({ der: fromHex('3000'), text: '', attributes: [] });
  });
});

describe('names that others made', () => {
  test.each([
    [
      'terminal escapes',
      single('2.5.4.3', TAG.utf8String, '1b5b33316d6100'),
      String.raw`CN=\1B[31ma\00`,
    ],
    [
      'text turned round',
      single('2.5.4.3', TAG.utf8String, '61e280ae62'),
      String.raw`CN=a\E2\80\AEb`,
    ],
    [
      'isolated direction',
      single('2.5.4.3', TAG.utf8String, 'e281a661'),
      String.raw`CN=\E2\81\A6a`,
    ],
    [
      'a character not seen',
      single('2.5.4.3', TAG.utf8String, '61e2808b'),
      String.raw`CN=a\E2\80\8B`,
    ],
    ['a line separator', single('2.5.4.3', TAG.utf8String, 'e280a8'), String.raw`CN=\E2\80\A8`],
    ['C1 controls', single('2.5.4.3', TAG.teletexString, '9b41'), String.raw`CN=\C2\9BA`],
    ['a line break', single('2.5.4.3', TAG.printableString, '610a62'), String.raw`CN=a\0Ab`],
    ['TeletexString', single('2.5.4.3', TAG.teletexString, 'e9'), 'CN=é'],
    ['BMPString', single('2.5.4.3', TAG.bmpString, '00e965e5'), 'CN=é日'],
    ['surrogates in a BMPString', single('2.5.4.3', TAG.bmpString, 'd83ddd12'), 'CN=🔒'],
    ['UniversalString', single('2.5.4.3', TAG.universalString, '0001f512'), 'CN=🔒'],
    [
      'an e-mail address',
      single('1.2.840.113549.1.9.1', TAG.ia5String, '614062'),
      'emailAddress=a@b',
    ],
    ['a domain', single('0.9.2342.19200300.100.1.25', TAG.ia5String, '6578'), 'DC=ex'],
    ['an unknown type', single('1.2.3.4', TAG.utf8String, '61'), '1.2.3.4=#0c0161'],
    ['a value that is no text', single('2.5.4.3', TAG.integer, '05'), 'CN=#020105'],
    ['a numeric string', single('2.5.4.5', 0x12, '3132'), 'serialNumber=#12023132'],
  ])('%s', (_what, der, text) => {
    expect(parseDistinguishedName(der)).toMatchObject({ der, text });
  });

  test('several attributes in one part', () => {
    const value = (text: string): Uint8Array => writeUtf8String(text);
    const part = writeSetOf(attribute('2.5.4.3', value('a')), attribute('2.5.4.11', value('b')));
    const name = parseDistinguishedName(
      writeSequence(writeSetOf(attribute('2.5.4.10', value('o'))), part),
    );
    expect(name.text).toBe('CN=a+OU=b,O=o');
  });

  test.each([
    ['nothing', new Uint8Array(), 'missing'],
    ['bytes behind', fromHex('300000'), 'behind the end'],
    ['no SEQUENCE', fromHex('3100'), 'the name has the wrong type'],
    ['an empty part', fromHex('30023100'), 'empty part'],
    ['a part that is no SET', fromHex('30023000'), 'wrong type'],
    [
      'an attribute without value',
      writeSequence(writeSetOf(writeSequence(writeOid('2.5.4.3')))),
      'no attribute value',
    ],
    [
      'an attribute too long',
      writeSequence(
        writeSetOf(writeSequence(writeOid('2.5.4.3'), fromHex('0c00'), fromHex('0c00'))),
      ),
      'too many',
    ],
    [
      'no type',
      writeSequence(writeSetOf(writeSequence(fromHex('0c00'), fromHex('0c00')))),
      'wrong type',
    ],
    ['PrintableString beyond ASCII', single('2.5.4.3', TAG.printableString, 'e9'), 'not ASCII'],
    ['half a BMP character', single('2.5.4.3', TAG.bmpString, '00e965'), 'cut short'],
    ['half a pair', single('2.5.4.3', TAG.bmpString, 'd83d'), 'stands alone'],
    ['no such character', single('2.5.4.3', TAG.universalString, '00110000'), 'no such character'],
    [
      'attributes out of order',
      writeSequence(
        writeDer(
          TAG.set,
          attribute('2.5.4.11', fromHex('0c00')),
          attribute('2.5.4.3', fromHex('0c00')),
        ),
      ),
      'not sorted',
    ],
  ])('%s is refused', (_what, der, fact) => {
    const refusal = refusalOf(() => parseDistinguishedName(der));
    expect(refusal.code).toBe('unreadable');
    expect(refusal.message).toContain(fact);
  });
});

describe('what zmint does not write', () => {
  test.each<[NameAttributeType, string, string]>([
    ['CN', '', 'is empty'],
    ['CN', 'x'.repeat(65), '65 characters, and 64 are the most'],
    ['O', 'x'.repeat(65), '64 are the most'],
    ['OU', 'x'.repeat(65), '64 are the most'],
    ['L', 'x'.repeat(129), '128 are the most'],
    ['ST', 'x'.repeat(129), '128 are the most'],
    ['C', 'DEU', '2 are the most'],
    ['C', 'D', 'not a country code'],
    ['C', 'ÄÖ', 'not a country code'],
    ['CN', 'a\u001B[31m', 'control'],
    ['CN', 'a\u202Eb', 'invisible'],
    ['CN', 'a\u0000', 'control'],
    ['CN', '\uD83D', 'control'],
  ])('%s %j', (type, value, fact) => {
    const refusal = refusalOf(() => encodeDistinguishedName([{ type, value }]));
    expect(refusal.code).toBe('policy');
    expect(refusal.message).toContain(fact);
  });

  test('64 characters outside the basic plane are 64', () => {
    expect(cn('🔒'.repeat(64)).attributes).toHaveLength(1);
    expect(refusalOf(() => cn('🔒'.repeat(65))).code).toBe('policy');
  });
});

const types = Object.keys(NAME_ATTRIBUTES).filter(
  (type): type is NameAttributeType => type !== 'C',
);
const attributes = fc.array(
  fc.record({
    type: fc.constantFrom(...types),
    value: fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }),
  }),
  { maxLength: 5 },
);

test('any name that is written is read again and is safe to print', () => {
  fc.assert(
    fc.property(attributes, (given) => {
      try {
        const name = encodeDistinguishedName(given);
        expect(name.attributes).toEqual(given);
        expect(parseDistinguishedName(name.der)).toEqual(name);
        expect(name.text).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      } catch (error) {
        expect(error).toBeInstanceOf(ZmintError);
        expect(error).toMatchObject({ code: 'policy' });
      }
    }),
    { numRuns: 1000 },
  );
});

test('the name of a server is what reading its octets gives', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9.*-]{1,64}$/u), (value) => {
      const der = writeSequence(writeSetOf(attribute('2.5.4.3', writeUtf8String(value))));
      expect(cn(value)).toEqual(parseDistinguishedName(der));
    }),
    { numRuns: 1000, examples: [['*'.repeat(64)], ['-'], ['.'], ['1.2.3.4']] },
  );
});

test('any text of others is printed safely, and unescaping gives it back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 64 }), (value) => {
      const { text } = parseDistinguishedName(
        writeSequence(
          writeSetOf(attribute('2.5.4.3', writeDer(TAG.utf8String, encodeUtf8(value)))),
        ),
      );
      expect(text).toMatch(/^CN=[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
      expect(unescape4514(text.slice(3))).toBe(value);
    }),
    { numRuns: 1000 },
  );
});

/** RFC 4514 §3, as an independent reader would do it: octets, then UTF-8. */
function unescape4514(text: string): string {
  const octets: number[] = [];
  for (let rest = text; rest.length > 0;) {
    const pair = /^\\([0-9A-Fa-f]{2})/u.exec(rest);
    if (pair !== null) {
      octets.push(Number.parseInt(pair[1] ?? '', 16));
      rest = rest.slice(3);
      continue;
    }
    const [character = ''] = rest.startsWith('\\') ? Array.from(rest.slice(1)) : Array.from(rest);
    octets.push(...encodeUtf8(character));
    rest = rest.slice(rest.startsWith('\\') ? 1 + character.length : character.length);
  }
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(octets));
}
