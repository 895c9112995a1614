import type { Instant, Seconds } from './instant.js';

/** How far local time is ahead of UTC at an instant, in seconds: a time zone as a function. */
export type OffsetAt = (instant: Instant) => Seconds;

/** A date and time of day without a time zone. */
export interface LocalDateTime {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
  readonly second: number;
}

/**
 * The date and time read as if it were UTC, or undefined when there is no such date or time: 30
 * February, 24:00, a leap second.
 */
export function asUtc(at: LocalDateTime): Instant | undefined {
  const date = new Date(0);
  date.setUTCFullYear(at.year, at.month - 1, at.day);
  date.setUTCHours(at.hour, at.minute, at.second);
  const same =
    date.getUTCFullYear() === at.year &&
    date.getUTCMonth() === at.month - 1 &&
    date.getUTCDate() === at.day &&
    date.getUTCHours() === at.hour &&
    date.getUTCMinutes() === at.minute &&
    date.getUTCSeconds() === at.second;
  return same ? date.getTime() / 1000 : undefined;
}

const PROBES: readonly Seconds[] = [-129_600, -86_400, -43_200, 0, 43_200, 86_400, 129_600];

/**
 * Every instant at which clocks in the zone show this time, ascending: none when a clock change
 * skips it, two when it is repeated. `wall` is the local time as `asUtc` gives it. Complete for zones
 * that change their offset at most once within half a day.
 */
export function instantsOf(wall: Instant, offsetAt: OffsetAt): readonly Instant[] {
  const offsets = new Set(PROBES.map((probe) => offsetAt(wall + probe)));
  return [...offsets]
    .map((offset) => wall - offset)
    .filter((instant) => instant + offsetAt(instant) === wall)
    .sort((a, b) => a - b);
}
