import { daysLeft, renderDaysLeft } from './certificate-life.js';
import { DAY, type Instant } from './instant.js';

/** From so many days before its end on the zone CA is warned about once a day. */
export const DAILY_WARNING_DAYS = 90;
/** And at every command. */
const CONSTANT_WARNING_DAYS = 5;

/** What the decision is made from. */
export interface ExpiryQuestion {
  /** The last second of the active CA. */
  readonly ends: Instant;
  readonly now: Instant;
  /** When this administrator saw the warning last; undefined: never, or it is not known. */
  readonly lastWarned: Instant | undefined;
  /** Show it within the 90 days whenever it was shown before. */
  readonly always: boolean;
}

/** The line to show, and whether it is one that is remembered for a day. */
export interface ExpiryWarning {
  readonly line: string;
  readonly daily: boolean;
}

/**
 * Whether the end of the zone CA is to be warned about now (`zone.md`, rules of time). Undefined:
 * not now. A last warning that lies in the future, after a clock step, does not count.
 */
export function decideExpiryWarning(question: ExpiryQuestion): ExpiryWarning | undefined {
  const { ends, now, lastWarned, always } = question;
  const days = daysLeft(ends, now);
  if (days > DAILY_WARNING_DAYS) return undefined;
  const line = renderExpiryWarning(ends, now);
  if (days <= CONSTANT_WARNING_DAYS) return { line, daily: false };
  const recent = lastWarned !== undefined && lastWarned <= now && now - lastWarned < DAY;
  return recent && !always ? undefined : { line, daily: true };
}

/** `The Zone CA will expire in 12 days.`, or that it expired and when. */
export function renderExpiryWarning(ends: Instant, now: Instant): string {
  const verb = now > ends ? 'expired' : 'will expire';
  return `The Zone CA ${verb} ${renderDaysLeft(ends, now)}.`;
}
