import { DAY, type Instant } from './instant.js';

/** Where a certificate stands in its validity; the last second still counts (RFC 5280 §4.1.2.5). */
export type CertificateLife = 'active' | 'expired' | 'not-yet-valid';

/** Decides it from the two dates alone. */
export function certificateLife(
  certificate: { readonly notBefore: Instant; readonly notAfter: Instant },
  now: Instant,
): CertificateLife {
  if (now > certificate.notAfter) return 'expired';
  return now < certificate.notBefore ? 'not-yet-valid' : 'active';
}

/**
 * Whole days of 24 hours until the end, rounded down: 0 within the last day, negative once it is
 * over.
 */
export function daysLeft(ends: Instant, now: Instant): number {
  return Math.floor((ends - now) / DAY);
}

/** The same in words: `in 12 days`, `in less than 1 day`, `3 days ago`. */
export function renderDaysLeft(ends: Instant, now: Instant): string {
  const over = now > ends;
  const days = Math.floor(Math.abs(ends - now) / DAY);
  const span = days === 0 ? 'less than 1 day' : days === 1 ? '1 day' : `${days} days`;
  return over ? `${span} ago` : `in ${span}`;
}
