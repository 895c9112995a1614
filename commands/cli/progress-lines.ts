import type { Progress, ProgressEvent, Seconds } from '../../src/index.js';
import { escapeText } from './escape-text.js';
import { createProgressRate, type ProgressRate } from './progress-rate.js';
import { progressText, type ProgressWait } from './progress-text.js';
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
  readonly rate: ProgressRate;
  done: number;
  shown: Seconds;
  waiting: { readonly event: ProgressWait; readonly told: Seconds } | undefined;
}

const FIRST: Seconds = 1;
const REDRAW: Seconds = 0.1;
const LINE_EVERY: Seconds = 5;
/** A wait that is not told again for so long is over. */
const WAIT_SHOWN: Seconds = 1;
const USUAL_COLUMNS = 80;

/**
 * Progress on standard error for work that takes more than a second: on a terminal one line that is
 * drawn anew, elsewhere a line every five seconds; each with count, rate, what is left and whom it
 * waits for. Members that failed get a line of their own at once.
 */
export function createProgressLines(options: ProgressOptions): ProgressLines {
  if (options.quiet) return { report: () => undefined, clear: () => undefined };
  const lines = new Lines(options);
  return {
    report: (event) => {
      lines.report(event);
    },
    clear: () => {
      lines.clear();
    },
  };
}

class Lines implements ProgressLines {
  readonly #err: Output;
  readonly #elapsed: () => Seconds;
  #step: Step | undefined;
  #drawn = false;

  constructor({ err, elapsed }: ProgressOptions) {
    this.#err = err;
    this.#elapsed = elapsed;
  }

  report(event: ProgressEvent): void {
    switch (event.type) {
      case 'begin':
        this.#step = this.#begun(event);
        break;
      case 'advance':
        this.#advance(event.done);
        break;
      case 'waiting':
        this.#wait(event);
        break;
      case 'end':
        this.clear();
        break;
      case 'member':
        if (!event.ok) this.#tell(`${escapeText(event.member)}: ${escapeText(event.text)}`);
    }
  }

  clear(): void {
    if (this.#drawn) this.#err.write('\r\u001b[K');
    this.#drawn = false;
  }

  /** A next batch of the same step goes on with its rate. */
  #begun({ step, total, done = 0 }: Extract<ProgressEvent, { type: 'begin' }>): Step {
    const name = escapeText(step);
    const last = this.#step;
    if (done > 0 && last?.name === name) return { ...last, total, done };
    const now = this.#elapsed();
    const rate = createProgressRate(now, done);
    return { name, total, began: now, rate, done, shown: now, waiting: undefined };
  }

  #advance(done: number): void {
    if (this.#step === undefined) return;
    this.#step.done = done;
    this.#step.rate.note(this.#elapsed(), done);
    this.#show();
  }

  #wait(event: ProgressWait): void {
    if (this.#step === undefined) return;
    this.#step.waiting = { event, told: this.#elapsed() };
    this.#show();
  }

  #show(): void {
    const step = this.#step;
    const now = this.#elapsed();
    const every = this.#err.isTerminal ? REDRAW : LINE_EVERY;
    if (step === undefined || now - step.shown < every || now - step.began < FIRST) return;
    step.shown = now;
    const state = { ...step, rate: step.rate.perSecond(now), wait: waitNow(step, now) };
    if (!this.#err.isTerminal) {
      this.#tell(progressText(state));
      return;
    }
    const columns = (this.#err.columns ?? USUAL_COLUMNS) - 1;
    this.#err.write(`\r\u001b[K${progressText(state, columns)}`);
    this.#drawn = true;
  }

  #tell(line: string): void {
    this.clear();
    this.#err.write(`zmint: ${line}\n`);
  }
}

function waitNow({ waiting }: Step, now: Seconds): ProgressWait | undefined {
  if (waiting === undefined || now - waiting.told >= WAIT_SHOWN) return undefined;
  return waiting.event;
}
