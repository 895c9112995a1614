import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ZmintError } from '../../src/errors.js';
import { renderInstant } from '../../src/zone/instant.js';
import { asUtc, instantsOf, type OffsetAt } from '../../src/zone/local-time.js';
import { parseMoment, parseWhen } from '../../src/zone/parse-when.js';
import { renderLocal, renderMoment, renderWhen } from '../../src/zone/render-when.js';

/** A real time zone, through the time zone data that Node carries. */
function zone(name: string): OffsetAt {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: name,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const parts = format.formatToParts(new Date(instant * 1000));
    const part = (type: string): number =>
      Number(parts.find((candidate) => candidate.type === type)?.value);
    const wall = Date.UTC(
      part('year'),
      part('month') - 1,
      part('day'),
      part('hour'),
      part('minute'),
      part('second'),
    );
    return wall / 1000 - instant;
  };
}

const NOW = Date.UTC(2026, 10, 21, 5, 26, 19) / 1000;
const berlin = { now: NOW, offsetAt: zone('Europe/Berlin') };
const zones = [
  'UTC',
  'Europe/Berlin',
  'America/New_York',
  'Australia/Lord_Howe',
  'Asia/Kathmandu',
  'Pacific/Apia',
  'America/St_Johns',
  'Africa/Casablanca',
];

function refusal(text: string, context = berlin): ZmintError {
  try {
    parseMoment(text, context);
  } catch (error) {
    if (error instanceof ZmintError) return error;
    throw error;
  }
  throw new Error(`${text} was accepted`);
}

describe('parseMoment', () => {
  test.each([
    ['now', '2026-11-21T05:26:19Z', 'the clock of the command'],
    ['NOW', '2026-11-21T05:26:19Z', 'words in any case'],
    ['30m', '2026-11-21T05:56:19Z', 'minutes'],
    ['36h', '2026-11-22T17:26:19Z', 'hours'],
    ['14d', '2026-12-05T05:26:19Z', 'days of 24 hours'],
    ['2w', '2026-12-05T05:26:19Z', 'weeks'],
    ['2027-03-01T22:00:00Z', '2027-03-01T22:00:00Z', 'RFC 3339 in UTC'],
    ['2027-03-01t22:00:00z', '2027-03-01T22:00:00Z', 'RFC 3339 allows lower case'],
    ['2027-03-01T22:00:00.000Z', '2027-03-01T22:00:00Z', 'an empty fraction'],
    ['2027-03-01T22:00:00+01:00', '2027-03-01T21:00:00Z', 'east of UTC'],
    ['2027-03-01T22:00:00-09:30', '2027-03-02T07:30:00Z', 'west of UTC'],
    ['2027-03-01T22:00+01:00', '2027-03-01T21:00:00Z', 'without seconds'],
    ['2027-03-01 22:00', '2027-03-01T21:00:00Z', 'local time in winter'],
    ['2027-07-01T22:00:05', '2027-07-01T20:00:05Z', 'local time in summer'],
    ['2028-02-29T12:00Z', '2028-02-29T12:00:00Z', 'a leap day that exists'],
    ['2038-01-19T03:14:08Z', '2038-01-19T03:14:08Z', 'after 32-bit time'],
    ['2050-01-01T00:00:00Z', '2050-01-01T00:00:00Z', 'the first GeneralizedTime'],
  ])('%s is %s (%s)', (text, expected) => {
    expect(renderInstant(parseMoment(text, berlin))).toBe(expected);
  });

  test.each([
    ['2027-02-30T12:00Z', 'no such date', '30 February'],
    ['2027-02-29T12:00', 'no such date', '29 February of a common year'],
    ['2027-04-31T12:00Z', 'no such date', '31 April'],
    ['2027-13-01T12:00Z', 'no such date', 'a thirteenth month'],
    ['2027-01-01T24:00Z', 'no such date', '24 o’clock'],
    ['2016-12-31T23:59:60Z', 'no such date', 'leap seconds are not counted'],
    ['2027-01-01T12:00:00+24:00', 'no offset', 'an offset of a day'],
    ['2027-01-01T12:00:00+01:60', 'no offset', 'an offset of 60 minutes'],
    ['2027-01-01T12:00:00.5Z', 'no moment', 'half a second'],
    ['2027-01-01', 'names a day', 'a day alone: midnight of which zone?'],
    ['tomorrow', 'no moment', 'a word'],
    ['', 'no moment', 'nothing'],
    ['5x', 'no duration', 'an unknown unit'],
    ['1d12h', 'no moment', 'two units'],
    ['-5d', 'no moment', 'the past as a duration'],
    ['99999999w', 'longer than', 'beyond a hundred years'],
    ['2027-03-28T02:30', 'skip', 'the hour that summer time takes'],
    ['2027-10-31T02:30', 'twice', 'the hour that winter time gives back'],
    ['２０２７-01-01T00:00Z', 'no moment', 'digits of another script'],
  ])('%s is refused: %s (%s)', (text, message) => {
    expect(refusal(text)).toMatchObject({
      code: 'usage',
      message: expect.stringContaining(message),
    });
  });

  test('a repeated time is shown both ways, each of which is then accepted', () => {
    const hint = refusal('2027-10-31T02:30').hint ?? '';
    const [first = '', second = ''] = hint.replace('write ', '').split(' or ');
    expect(parseMoment(second, berlin) - parseMoment(first, berlin)).toBe(3600);
  });

  test.each([
    ['America/New_York', '2027-03-14T02:30', 'skip'],
    ['America/New_York', '2027-11-07T01:30', 'twice'],
    ['Australia/Lord_Howe', '2027-04-04T01:45', 'twice'],
    ['Australia/Lord_Howe', '2026-10-04T02:15', 'skip'],
    ['Pacific/Apia', '2011-12-30T12:00', 'skip'],
  ])('%s: %s is refused: %s', (name, text, message) => {
    const context = { now: NOW, offsetAt: zone(name) };
    expect(refusal(text, context).message).toContain(message);
  });
});

describe('parseWhen', () => {
  test('knows ready beside moments', () => {
    expect(parseWhen('Ready', berlin)).toEqual({ when: 'ready' });
    expect(parseWhen('1h', berlin)).toEqual({ when: 'at', instant: NOW + 3600 });
  });
});

describe('local time', () => {
  test.each(zones)('%s: each instant is found again from what clocks show', (name) => {
    const offsetAt = zone(name);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4_102_444_800 }), (instant) => {
        const found = instantsOf(instant + offsetAt(instant), offsetAt);
        expect(found).toContain(instant);
        expect(found.length).toBeLessThanOrEqual(2);
      }),
      { numRuns: 300 },
    );
  });

  test.each(zones)('%s: what is rendered is read back', (name) => {
    const context = { now: NOW, offsetAt: zone(name) };
    fc.assert(
      fc.property(fc.integer({ min: 315_532_800, max: 4_102_444_800 }), (instant) => {
        expect(parseMoment(renderLocal(instant, context.offsetAt), context)).toBe(instant);
      }),
      { numRuns: 200 },
    );
  });

  test('asUtc knows the years that Date moves to 1900', () => {
    expect(asUtc({ year: 50, month: 1, day: 1, hour: 0, minute: 0, second: 0 })).toBe(
      -60_589_296_000,
    );
  });
});

describe('rendering', () => {
  test('shows local time and UTC', () => {
    expect(renderMoment(NOW, berlin.offsetAt)).toBe(
      '2026-11-21 06:26:19 +01:00 (2026-11-21T05:26:19Z)',
    );
    expect(renderMoment(NOW, zone('America/St_Johns'))).toBe(
      '2026-11-21 01:56:19 -03:30 (2026-11-21T05:26:19Z)',
    );
  });

  test('says what ready and held mean', () => {
    expect(renderWhen({ when: 'ready' }, berlin.offsetAt)).toContain('new trust');
    expect(renderWhen({ when: 'held' }, berlin.offsetAt)).toContain('zmint ssl activate');
    expect(renderWhen({ when: 'at', instant: NOW }, berlin.offsetAt)).toContain('05:26:19Z');
  });
});
