import type { ErrorCode } from '../errors.js';

/** What `doctor` looks at, in the order in which it tells about it. */
export const EXAMINATIONS = [
  'database',
  'events',
  'clock',
  'writer',
  'zone-home',
  'trust-store',
  'ca',
  'ca-key',
  'custody',
  'settings',
  'backup',
  'crls',
  'homes',
  'servers',
  'future-sets',
  'remint-repo',
  'operations',
  'probes',
] as const;
export type Examination = (typeof EXAMINATIONS)[number];

/** `notice`: worth knowing, nothing is broken. */
export type Severity = 'ok' | 'notice' | 'problem';

/** One thing that was looked at, and what came of it. */
export interface Finding {
  readonly examination: Examination;
  readonly severity: Severity;
  readonly message: string;
  /** The command that mends it, or the one thing to do; null: nothing is to be done. */
  readonly mend: string | null;
  /** The error that it stands for; null unless it is a problem. */
  readonly code: ErrorCode | null;
}

/** Severity, text and remedy; the examination is put in front by whoever asked for it. */
export type Remark = Omit<Finding, 'examination'>;

/** All is well. */
export function fine(message: string): Remark {
  return { severity: 'ok', message, mend: null, code: null };
}

/** Worth knowing. */
export function notice(message: string, mend: string | null = null): Remark {
  return { severity: 'notice', message, mend, code: null };
}

/** Broken, with the error code that it stands for. */
export function problem(code: ErrorCode, message: string, mend: string): Remark {
  return { severity: 'problem', message, mend, code };
}

/** `1 server`, `3 servers`. */
export function counted(count: number, thing: string): string {
  return `${count} ${thing}${count === 1 ? '' : 's'}`;
}
