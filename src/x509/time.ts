import type { DerElement } from '../encoding/der-element.js';
import { derFault } from '../encoding/der-fault.js';
import { TAG } from '../encoding/der-tag.js';
import { readAscii } from '../encoding/der-values.js';
import { writeDer } from '../encoding/der-writer.js';
import { encodeUtf8 } from '../encoding/utf8.js';
import { ZmintError } from '../errors.js';

/** Whole seconds since 1970-01-01T00:00:00Z: what `zone` calls an Instant. */
export type CertificateTime = number;

/** 2050-01-01T00:00:00Z, the first moment that is written as GeneralizedTime. */
const FIRST_GENERALIZED = Date.UTC(2050, 0, 1) / 1000;
/** 1950-01-01T00:00:00Z, the first moment of UTCTime. */
const FIRST_UTC = Date.UTC(1950, 0, 1) / 1000;
/** 9999-12-31T23:59:59Z. */
const LAST = Date.UTC(9999, 11, 31, 23, 59, 59) / 1000;
const GENERALIZED = /^(?!00)\d{14}Z$/u;

/**
 * A time as RFC 5280 §4.1.2.5 has it: UTCTime `YYMMDDHHMMSSZ` or GeneralizedTime `YYYYMMDDHHMMSSZ`,
 * a date that exists. Which of both a CA must use is its duty; readers take either, see
 * `isTimeOfWrongForm`. Throws `unreadable` for anything else.
 */
export function readTime(element: DerElement, what: string): CertificateTime {
  const text = readAscii(element, what);
  if (element.tag === TAG.utcTime) {
    const century = Number(text.slice(0, 2)) >= 50 ? '19' : '20';
    return parseDigits(element, century + text, what);
  }
  if (element.tag !== TAG.generalizedTime) throw derFault(element.offset, `${what} is no time`);
  return parseDigits(element, text, what);
}

/** Whether a time before 2050 was written as GeneralizedTime, which no CA may do (RFC 5280 §4.1.2.5). */
export function isTimeOfWrongForm(element: DerElement, time: CertificateTime): boolean {
  return element.tag === TAG.generalizedTime && time < FIRST_GENERALIZED;
}

/** UTCTime before 2050 and GeneralizedTime from then on (I-9). Throws `policy` outside 1950 to 9999. */
export function writeTime(time: CertificateTime): Uint8Array {
  if (!Number.isInteger(time) || time < FIRST_UTC || time > LAST) {
    throw new ZmintError(
      'policy',
      'a certificate cannot hold dates outside the years 1950 to 9999',
      {
        details: { time },
      },
    );
  }
  const digits = formatTime(time).replace(/[-:T]/gu, '');
  return time < FIRST_GENERALIZED
    ? writeDer(TAG.utcTime, encodeUtf8(digits.slice(2)))
    : writeDer(TAG.generalizedTime, encodeUtf8(digits));
}

/** RFC 3339 in UTC, for messages: `2026-11-21T05:26:19Z`. */
export function formatTime(time: CertificateTime): string {
  return new Date(time * 1000).toISOString().replace('.000Z', 'Z');
}

function parseDigits(element: DerElement, text: string, what: string): CertificateTime {
  const time = GENERALIZED.test(text) ? secondsOf(text) : undefined;
  if (time !== undefined) return time;
  throw derFault(element.offset, `${what} is no date and time in UTC with seconds`);
}

/** Undefined for a date or a time of day that does not exist; Date would take 30 February for 2 March. */
function secondsOf(text: string): CertificateTime | undefined {
  const year = 100 * pairAt(text, 0) + pairAt(text, 2);
  const month = pairAt(text, 4);
  const day = pairAt(text, 6);
  const hour = pairAt(text, 8);
  const minute = pairAt(text, 10);
  const second = pairAt(text, 12);
  const exists = month >= 1 && month <= 12 && day >= 1 && day <= daysIn(year, month);
  if (!exists || hour >= 24 || minute >= 60 || second >= 60) return undefined;
  return Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
}

/** Two digits as a number. */
function pairAt(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - 0x30) + text.charCodeAt(at + 1) - 0x30;
}

const LONG_MONTHS: ReadonlySet<number> = new Set([1, 3, 5, 7, 8, 10, 12]);

function daysIn(year: number, month: number): number {
  if (LONG_MONTHS.has(month)) return 31;
  if (month !== 2) return 30;
  const leaps = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return leaps ? 29 : 28;
}
