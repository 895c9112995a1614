import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDer } from '../../src/encoding/der.js';
import { writeDer } from '../../src/encoding/der-writer.js';
import { encodeUtf8 } from '../../src/encoding/utf8.js';
import { formatTime, isTimeOfWrongForm, readTime, writeTime } from '../../src/x509/time.js';
import { refusalOf } from '../support/refusal-of.js';

const UTC = 0x17;
const GENERALIZED = 0x18;
const read = (tag: number, text: string): number =>
  readTime(readDer(writeDer(tag, encodeUtf8(text))), 'notAfter');
const at = (text: string): number => Date.parse(text) / 1000;

describe('times as RFC 5280 §4.1.2.5 has them', () => {
  test.each([
    [UTC, '261121052619Z', '2026-11-21T05:26:19Z', 'this century'],
    [UTC, '500101000000Z', '1950-01-01T00:00:00Z', '50 is 1950'],
    [UTC, '991231235959Z', '1999-12-31T23:59:59Z', '99 is 1999'],
    [UTC, '000101000000Z', '2000-01-01T00:00:00Z', '00 is 2000'],
    [UTC, '491231235959Z', '2049-12-31T23:59:59Z', 'the last UTCTime'],
    [UTC, '280229120000Z', '2028-02-29T12:00:00Z', 'a leap day'],
    [UTC, '000229120000Z', '2000-02-29T12:00:00Z', 'the leap day of 2000'],
    [GENERALIZED, '20500101000000Z', '2050-01-01T00:00:00Z', 'the first GeneralizedTime'],
    [GENERALIZED, '99991231235959Z', '9999-12-31T23:59:59Z', 'no expiry, RFC 5280 §4.1.2.5'],
  ])('%d %s is %s (%s)', (tag, text, time) => {
    expect(read(tag, text)).toBe(at(time));
    expect(writeTime(at(time))).toEqual(writeDer(tag, encodeUtf8(text)));
  });

  test.each([
    [UTC, '2611210526Z', 'no seconds'],
    [UTC, '261121052619', 'no Z'],
    [UTC, '261121052619z', 'a small z'],
    [UTC, '261121052619+0000', 'an offset'],
    [UTC, '261121052619.5Z', 'a fraction'],
    [UTC, '261121052660Z', 'a leap second'],
    [UTC, '261121240000Z', '24 o’clock'],
    [UTC, '260230000000Z', '30 February'],
    [UTC, '270229000000Z', '29 February of a common year'],
    [UTC, '260431000000Z', '31 April'],
    [UTC, '261301000000Z', 'a thirteenth month'],
    [UTC, '260001000000Z', 'month zero'],
    [UTC, '260100000000Z', 'day zero'],
    [UTC, '', 'nothing'],
    [UTC, '20261121052619Z', 'four digits of the year'],
    [UTC, ' 61121052619Z', 'a space'],
    [UTC, '-61121052619Z', 'a sign'],
    [UTC, '261121052619Z\u0000', 'a NUL behind'],
    [GENERALIZED, '00000101000000Z', 'the year zero'],
    [GENERALIZED, '20500101000000.0Z', 'a fraction'],
    [GENERALIZED, '20500229000000Z', '29 February 2050'],
    [GENERALIZED, '21000229000000Z', '29 February 2100'],
    [GENERALIZED, '205001010000Z', 'no seconds'],
    [0x0c, '20500101000000Z', 'another type'],
  ])('%d %j is refused (%s)', (tag, text) => {
    expect(refusalOf(() => read(tag, text)).code).toBe('unreadable');
  });

  test.each([-631_152_001, 253_402_300_800, 0.5, Number.NaN, Number.POSITIVE_INFINITY])(
    '%d cannot be written',
    (time) => {
      expect(refusalOf(() => writeTime(time)).code).toBe('policy');
    },
  );
});

test.each([
  [GENERALIZED, '20491231235959Z', true, 'GeneralizedTime before 2050'],
  [GENERALIZED, '20261121052619Z', true, 'GeneralizedTime for today'],
  [GENERALIZED, '20500101000000Z', false, 'GeneralizedTime from 2050 on'],
  [UTC, '261121052619Z', false, 'UTCTime for today'],
])('%d %s can be read; of wrong form: %s (%s)', (tag, text, wrong) => {
  const element = readDer(writeDer(tag, encodeUtf8(text)));
  expect(isTimeOfWrongForm(element, readTime(element, 'notAfter'))).toBe(wrong);
});

test('any second around 2050 comes back, in the form that belongs to it', () => {
  const border = at('2050-01-01T00:00:00Z');
  fc.assert(
    fc.property(fc.integer({ min: border - 100_000, max: border + 100_000 }), (time) => {
      const der = writeTime(time);
      expect(der[0]).toBe(time < border ? UTC : GENERALIZED);
      expect(readTime(readDer(der), 'notAfter')).toBe(time);
      expect(at(formatTime(time))).toBe(time);
    }),
    { numRuns: 2000 },
  );
});

test('any second of 1950 to 9999 comes back', () => {
  fc.assert(
    fc.property(fc.integer({ min: -631_152_000, max: 253_402_300_799 }), (time) => {
      expect(readTime(readDer(writeTime(time)), 'notBefore')).toBe(time);
    }),
    { numRuns: 2000 },
  );
});
