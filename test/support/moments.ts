import { parseMoment } from '../../src/zone/parse-when.js';
import type { Instant, Seconds } from '../../src/zone/instant.js';

/** How far clocks in a time zone are ahead of UTC, by the system's own tables. */
export function offsetIn(timeZone: string): (instant: Instant) => Seconds {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  return (instant) => {
    const parts = format.formatToParts(instant * 1000);
    const part = (type: string): number =>
      Number(parts.find((one) => one.type === type)?.value ?? 'NaN');
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

/** A clock change: what clocks skip or show twice, and the seconds around it. */
export interface ClockChange {
  readonly zone: string;
  readonly skipped?: string;
  readonly repeated?: string;
  /** Local times that clocks show once, or times with an offset. */
  readonly around: readonly string[];
}

export const CLOCK_CHANGES: readonly ClockChange[] = [
  {
    zone: 'Europe/Berlin',
    skipped: '2027-03-28T02:30',
    around: ['2027-03-28T01:59:59', '2027-03-28T03:00'],
  },
  {
    zone: 'Europe/Berlin',
    repeated: '2027-10-31T02:30',
    around: ['2027-10-31T02:30:00+02:00', '2027-10-31T02:30:00+01:00'],
  },
  {
    zone: 'America/New_York',
    skipped: '2027-03-14T02:00',
    around: ['2027-03-14T01:59:59', '2027-03-14T03:00'],
  },
  {
    zone: 'America/New_York',
    repeated: '2027-11-07T01:00',
    around: ['2027-11-07T01:00:00-04:00', '2027-11-07T01:00:00-05:00'],
  },
  {
    zone: 'Australia/Lord_Howe',
    skipped: '2027-10-03T02:15',
    around: ['2027-10-03T01:59:59', '2027-10-03T02:30'],
  },
  {
    zone: 'Australia/Lord_Howe',
    repeated: '2027-04-04T01:45',
    around: ['2027-04-04T01:45:00+11:00', '2027-04-04T01:45:00+10:30'],
  },
  {
    zone: 'Pacific/Chatham',
    skipped: '2027-09-26T03:00',
    around: ['2027-09-26T02:44:59', '2027-09-26T03:45'],
  },
  {
    zone: 'Pacific/Chatham',
    repeated: '2027-04-04T03:15',
    around: ['2027-04-04T03:15:00+13:45', '2027-04-04T03:15:00+12:45'],
  },
];

const PLAIN = [
  '2026-12-31T23:59:59Z',
  '2027-01-01T00:00:00Z',
  '2027-02-28T23:59:59Z',
  '2028-02-29T00:00:00Z',
  '2028-02-29T23:59:59Z',
  '2028-03-01T00:00:00Z',
  '2032-02-29T12:00:00Z',
  '2036-02-07T06:28:16Z',
  '2038-01-19T03:14:06Z',
  '2038-01-19T03:14:07Z',
  '2038-01-19T03:14:08Z',
  '2049-12-31T23:59:58Z',
  '2049-12-31T23:59:59Z',
  '2050-01-01T00:00:00Z',
  '2050-01-01T00:00:01Z',
  '2100-02-28T23:59:59Z',
  '2100-03-01T00:00:00Z',
  '2106-02-07T06:28:16Z',
  '2400-02-29T12:00:00Z',
  '9990-01-01T00:00:00Z',
];

/** Instants at which calendars, clocks and their numbers have corners, by how they were written. */
export const MOMENTS: readonly (readonly [written: string, instant: Instant])[] = [
  ...CLOCK_CHANGES.flatMap(({ zone, around }) => around.map((text) => read(text, zone))),
  ...PLAIN.map((text) => read(text, 'Etc/UTC')),
];

function read(text: string, zone: string): readonly [string, Instant] {
  const instant = parseMoment(text, { now: 0, offsetAt: offsetIn(zone) });
  return [text.endsWith('Z') ? text : `${text} in ${zone}`, instant];
}
