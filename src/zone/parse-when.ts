import { ZmintError } from '../errors.js';
import type { Instant } from './instant.js';
import { asUtc, instantsOf, type LocalDateTime, type OffsetAt } from './local-time.js';
import type { Activation } from './operation-terms.js';
import { looksLikeDuration, parseDuration } from './parse-duration.js';
import { renderLocal } from './render-when.js';

/** What a WHEN is reckoned from. */
export interface WhenContext {
  readonly now: Instant;
  readonly offsetAt: OffsetAt;
}

const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d)(?::(\d\d)(?:\.0+)?)?([Zz]|[+-]\d\d:\d\d)?$/u;
const FORMS = 'write now, a duration such as 36h, or a time such as 2027-03-01T22:00:00+01:00';

/**
 * A WHEN of `--activate-at`: `ready`, or an instant as `parseMoment` reads it. Throws `usage`.
 */
export function parseWhen(text: string, context: WhenContext): Activation {
  if (text.toLowerCase() === 'ready') return { when: 'ready' };
  return { when: 'at', instant: parseMoment(text, context) };
}

/**
 * `now`, a duration from now, RFC 3339 with an offset, or a local time that clocks show exactly
 * once; seconds may be left out. Throws `usage` for a date that does not exist, and for a local
 * time that a clock change skips or repeats.
 */
export function parseMoment(text: string, context: WhenContext): Instant {
  const word = text.trim();
  if (word.toLowerCase() === 'now') return context.now;
  if (looksLikeDuration(word)) return context.now + parseDuration(word);
  const match = DATE_TIME.exec(word);
  if (match === null) throw unreadable(word);
  const wall = asUtc(fields(match));
  if (wall === undefined) {
    throw new ZmintError('usage', `there is no such date or time as "${word}"`, { hint: FORMS });
  }
  const zone = match[7];
  return zone === undefined ? localMoment(word, wall, context) : wall - offsetOf(zone, word);
}

function unreadable(word: string): ZmintError {
  const dateOnly = /^\d{4}-\d\d-\d\d$/u.test(word);
  return new ZmintError(
    'usage',
    dateOnly ? `"${word}" names a day, not a moment` : `"${word}" is no moment`,
    { hint: dateOnly ? `add a time of day: ${word}T22:00` : FORMS },
  );
}

function fields(match: RegExpExecArray): LocalDateTime {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((part: string | undefined) => Number(part ?? '0'));
  return { year, month, day, hour, minute, second };
}

function offsetOf(zone: string, word: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) {
    throw new ZmintError('usage', `there is no offset from UTC such as that of "${word}"`);
  }
  return (zone.startsWith('-') ? -1 : 1) * (hours * 3600 + minutes * 60);
}

function localMoment(word: string, wall: Instant, context: WhenContext): Instant {
  const instants = instantsOf(wall, context.offsetAt);
  const [only] = instants;
  if (only === undefined) {
    throw new ZmintError('usage', `clocks here skip "${word}" in a clock change`, {
      hint: 'choose another time, or write it with its offset from UTC',
    });
  }
  if (instants.length === 1) return only;
  const both = instants.map((instant) => renderLocal(instant, context.offsetAt)).join(' or ');
  throw new ZmintError('usage', `clocks here show "${word}" twice`, { hint: `write ${both}` });
}
