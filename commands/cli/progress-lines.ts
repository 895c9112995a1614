import type { Progress, ProgressEvent, Seconds } from '../../src/index.js';
import { truncate } from './display-width.js';
import { escapeText } from './escape-text.js';
import type { Output } from './surroundings.js';

/** Progress that can be taken off the terminal when something else is to be written. */
export interface ProgressLines extends Progress {
  clear(): void;
}

export interface ProgressOptions {
  readonly err: Output;
  readonly elapsed: () => Seconds;
  readonly quiet: boolean;
}

interface Step {
  readonly name: string;
  readonly total: number;
  readonly began: Seconds;
  shown: Seconds;
}

const FIRST: Seconds = 1;
const REDRAW: Seconds = 0.1;
const LINE_EVERY: Seconds = 5;

/**
 * Progress on standard error for work that takes more than a second: on a terminal one line that is
 * drawn anew, elsewhere a line every five seconds; each with count, rate and what is left. Members
 * that failed get a line of their own at once.
 */
export function createProgressLines(options: ProgressOptions): ProgressLines {
  const { err, elapsed } = options;
  let step: Step | undefined;
  let drawn = false;
  const clear = (): void => {
    if (drawn) err.write('\r\u001b[K');
    drawn = false;
  };
  const advance = (done: number): void => {
    if (step === undefined) return;
    const now = elapsed();
    if (now - step.shown < (err.isTerminal ? REDRAW : LINE_EVERY) || now - step.began < FIRST)
      return;
    step.shown = now;
    const text = progressText(step.name, done, step.total, now - step.began);
    if (err.isTerminal) err.write(`\r\u001b[K${truncate(text, (err.columns ?? 80) - 1)}`);
    else err.write(`zmint: ${text}\n`);
    drawn = err.isTerminal;
  };
  const report = (event: ProgressEvent): void => {
    if (event.type === 'begin') {
      step = {
        name: escapeText(event.step),
        total: event.total,
        began: elapsed(),
        shown: elapsed(),
      };
    } else if (event.type === 'advance') advance(event.done);
    else if (event.type === 'end') {
      clear();
      step = undefined;
    } else if (!event.ok) {
      clear();
      err.write(`zmint: ${escapeText(event.member)}: ${escapeText(event.text)}\n`);
    }
  };
  return { report: options.quiet ? () => undefined : report, clear };
}

/** `minting 120 of 1000, 60/s, 15 s left`. */
export function progressText(name: string, done: number, total: number, seconds: Seconds): string {
  const rate = seconds > 0 ? done / seconds : 0;
  const shownRate = rate >= 10 ? String(Math.round(rate)) : rate.toFixed(1);
  const left = rate > 0 ? `, ${duration((total - done) / rate)} left` : '';
  return `${name} ${done} of ${total}, ${shownRate}/s${left}`;
}

function duration(seconds: Seconds): string {
  const whole = Math.max(0, Math.ceil(seconds));
  if (whole < 100) return `${whole} s`;
  return whole < 6000 ? `${Math.ceil(whole / 60)} min` : `${Math.ceil(whole / 3600)} h`;
}
