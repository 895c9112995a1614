import { ZmintError } from '../errors.js';
import { DAY, HOUR, MINUTE, type Seconds } from './instant.js';

const UNITS: Readonly<Record<string, Seconds>> = { m: MINUTE, h: HOUR, d: DAY, w: 7 * DAY };
const LIMIT: Seconds = 36_600 * DAY;

/** Whether the text has the form of a duration, whatever its size. */
export function looksLikeDuration(text: string): boolean {
  return /^\d+[A-Za-z]+$/u.test(text);
}

/**
 * A whole number of minutes, hours, days of 24 hours or weeks: `30m`, `36h`, `14d`, `2w`; at most a
 * hundred years. Throws `usage`.
 */
export function parseDuration(text: string): Seconds {
  const match = /^(\d{1,9})([mhdw])$/u.exec(text);
  const unit = UNITS[match?.[2] ?? ''];
  if (match?.[1] === undefined || unit === undefined) {
    throw new ZmintError('usage', `"${text}" is no duration`, {
      hint: 'write a whole number and m, h, d or w: 30m, 36h, 14d, 2w',
    });
  }
  const seconds = Number(match[1]) * unit;
  if (seconds <= LIMIT) return seconds;
  throw new ZmintError('usage', `"${text}" is longer than a hundred years`);
}
