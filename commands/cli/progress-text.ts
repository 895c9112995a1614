import type { ProgressEvent, Seconds } from '../../src/index.js';
import { displayWidth, truncate } from './display-width.js';
import { escapeText } from './escape-text.js';

/** What a long wait is for. */
export type ProgressWait = Pick<
  Extract<ProgressEvent, { readonly type: 'waiting' }>,
  'what' | 'members' | 'seconds'
>;

/** Where a step of long work is. */
export interface ProgressState {
  readonly name: string;
  readonly done: number;
  readonly total: number;
  /** Things a second; 0 where nothing was done lately. */
  readonly rate: number;
  readonly wait?: ProgressWait | undefined;
}

/**
 * `minting 120 of 1000, 60/s, 15 s left`, and while something takes long
 * `, waiting 7 s for the reload of web1 and 3 others`. Where that is wider than the columns, rate and
 * remaining time are left out first.
 */
export function progressText(state: ProgressState, columns = Infinity): string {
  const { name, done, total, rate, wait } = state;
  const count = `${name} ${done} of ${total}`;
  const speed = `, ${rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1)}/s`;
  const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  const waiting = wait === undefined ? '' : `, ${waitText(wait)}`;
  const forms = [`${count}${speed}${left}${waiting}`, `${count}${left}${waiting}`];
  const fitting = forms.find((form) => displayWidth(form) <= columns);
  return fitting ?? truncate(waiting === '' ? `${count}${left}` : `${count}${waiting}`, columns);
}

function waitText({ what, members, seconds }: ProgressWait): string {
  const [first = '', ...others] = members;
  const more = others.length === 1 ? ' and 1 other' : ` and ${others.length} others`;
  const whom = `${escapeText(first)}${others.length === 0 ? '' : more}`;
  const time = duration(seconds);
  if (what === 'reload') return `waiting ${time} for the reload of ${whom}`;
  return `waiting ${time} for a handshake with ${whom}`;
}

function duration(seconds: Seconds): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 100) return `${whole} s`;
  return whole < 6000 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}
