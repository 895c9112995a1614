import { renderInstant, type Instant } from './instant.js';
import type { OffsetAt } from './local-time.js';
import type { Activation } from './operation-terms.js';

/** Local time as RFC 3339 with its offset: `2027-03-01T23:00:00+01:00`. */
export function renderLocal(instant: Instant, offsetAt: OffsetAt): string {
  const offset = offsetAt(instant);
  const sign = offset < 0 ? '-' : '+';
  const minutes = Math.floor(Math.abs(offset) / 60);
  const two = (value: number): string => String(value).padStart(2, '0');
  const wall = renderInstant(instant + offset).replace('Z', '');
  return `${wall}${sign}${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}

/** Both times of an instant for people: `2027-03-01 23:00:00 +01:00 (2027-03-01T22:00:00Z)`. */
export function renderMoment(instant: Instant, offsetAt: OffsetAt): string {
  const local = renderLocal(instant, offsetAt);
  return `${local.slice(0, -15)} ${local.slice(-14, -6)} ${local.slice(-6)} (${renderInstant(instant)})`;
}

/** What was understood of a WHEN, for the plan. */
export function renderWhen(activation: Activation, offsetAt: OffsetAt): string {
  if (activation.when === 'at') return renderMoment(activation.instant, offsetAt);
  return activation.when === 'ready'
    ? 'as soon as every member has the new trust'
    : 'when it is told to (zmint ssl activate)';
}
