/** A moment as whole seconds since 1970-01-01T00:00:00Z, leap seconds not counted. */
export type Instant = number;

/** A length of time in whole seconds. */
export type Seconds = number;

export const MINUTE: Seconds = 60;
export const HOUR: Seconds = 3600;
export const DAY: Seconds = 86_400;

/** RFC 3339 in UTC, without fractions: `2026-11-21T05:26:19Z`. */
export function renderInstant(instant: Instant): string {
  return new Date(instant * 1000).toISOString().replace('.000Z', 'Z');
}

/**
 * The same date and time of day so many years later, in UTC; 29 February becomes 28 February in a
 * year that has none.
 */
export function addYears(instant: Instant, years: number): Instant {
  const from = new Date(instant * 1000);
  const to = new Date(from);
  to.setUTCFullYear(from.getUTCFullYear() + years);
  if (to.getUTCMonth() !== from.getUTCMonth()) to.setUTCDate(0);
  return Math.floor(to.getTime() / 1000);
}
