import { ZmintError } from '../errors.js';
import { addYears, HOUR, renderInstant, type Instant } from './instant.js';

/** From notBefore to notAfter, both inclusive (RFC 5280 §4.1.2.5). */
export interface Validity {
  readonly notBefore: Instant;
  readonly notAfter: Instant;
}

/** New certificates begin an hour ago, so that a member whose clock is a little late accepts them. */
const BACKDATING = HOUR;

export const MINIMUM_YEARS = 1;
export const MAXIMUM_YEARS = 10;
export const DEFAULT_CA_YEARS = 10;
export const DEFAULT_SERVER_YEARS = 1;

/** Exactly so many years, both ends counted; not before `earliest`. */
export function validityFor(now: Instant, years: number, earliest: Instant): Validity {
  const notBefore = Math.max(now - BACKDATING, earliest);
  return { notBefore, notAfter: addYears(notBefore, years) - 1 };
}

/** The validity cut to that of its signer (I-9). Throws `not-valid-then` when nothing is left of it. */
export function withinIssuer(wanted: Validity, issuer: Validity, what: string): Validity {
  const cut = {
    notBefore: Math.max(wanted.notBefore, issuer.notBefore),
    notAfter: Math.min(wanted.notAfter, issuer.notAfter),
  };
  if (cut.notBefore < cut.notAfter) return cut;
  throw new ZmintError(
    'not-valid-then',
    `${what} cannot be issued: its issuer ends ${renderInstant(issuer.notAfter)}`,
    {
      hint: 'zmint ssl remint --ca',
    },
  );
}

/** Whether the instant lies within, both ends included. */
export function isValidAt(validity: Validity, at: Instant): boolean {
  return validity.notBefore <= at && at <= validity.notAfter;
}
