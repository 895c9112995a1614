import { renderInstant, type Instant, type OffsetAt, type Seconds } from '../../src/index.js';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 86_400;

/** Local date and time of day to the minute, for tables: `2027-03-01 23:00`. */
export function localMinute(instant: Instant, offsetAt: OffsetAt): string {
  const local = renderInstant(instant + offsetAt(instant));
  return `${local.slice(0, -10)} ${local.slice(-9, -4)}`;
}

/** As `localMinute` for long lists: certificates that were made together end together. */
export function minuteRenderer(offsetAt: OffsetAt): (instant: Instant) => string {
  const known = new Map<Instant, string>();
  return (instant) => {
    const before = known.get(instant);
    if (before !== undefined) return before;
    const text = localMinute(instant, offsetAt);
    known.set(instant, text);
    return text;
  };
}

/** How far away an instant is: `in 3 days 4 h`, `in 12 min`, `2 h 5 min ago`. */
export function renderDistance(instant: Instant, now: Instant): string {
  const span = renderSpan(Math.abs(instant - now));
  return instant >= now ? `in ${span}` : `${span} ago`;
}

/** A length of time in its two largest units: `3 days 4 h`, `2 h 5 min`, `40 s`. */
export function renderSpan(seconds: Seconds): string {
  if (seconds < MINUTE) return `${seconds} s`;
  if (seconds < HOUR) return `${Math.floor(seconds / MINUTE)} min`;
  const hours = Math.floor((seconds % DAY) / HOUR);
  if (seconds < DAY) return joined(`${hours} h`, Math.floor((seconds % HOUR) / MINUTE), 'min');
  const days = Math.floor(seconds / DAY);
  return joined(`${days} day${days === 1 ? '' : 's'}`, hours, 'h');
}

function joined(first: string, count: number, unit: string): string {
  return count === 0 ? first : `${first} ${count} ${unit}`;
}
