import type { CaMove, Resumed } from '../../src/index.js';
import { escapeText } from '../cli/escape-text.js';
import { counted } from '../cli/list-cut.js';

/** Why an operation was left where it is, for JSON. */
export function haltState(halt: Resumed['halt']): {
  readonly why: Resumed['halt']['why'];
  readonly reason: string | null;
} {
  return { why: halt.why, reason: 'reason' in halt ? halt.reason : null };
}

/** The same in a line for people; empty when there is nothing to say. */
export function haltLine({ halt, report }: Resumed, now: number): string {
  if (halt.why === 'undone') {
    return 'It was interrupted while certificates were made, could not be finished, and was undone; start it again.\n';
  }
  if (halt.why === 'settled') return '';
  const { activation } = report.operation;
  const overdue = activation.when === 'at' && activation.instant <= now;
  const what = halt.why === 'gate-not-satisfied' && overdue ? 'Its instant has come, but it' : 'It';
  return `${what} waits: ${escapeText(halt.reason)}.\n`;
}

/** What became of a move of the CA role, for JSON. */
export function settledMove({ state, fromHome, toHome }: CaMove): {
  readonly outcome: 'undone' | 'finished';
  readonly removedFrom: string;
} {
  return state === 'copying'
    ? { outcome: 'undone', removedFrom: toHome }
    : { outcome: 'finished', removedFrom: fromHome };
}

/** The same in a line for people; empty without a move. */
export function settledLine(move: CaMove | undefined): string {
  if (move === undefined) return '';
  const { outcome, removedFrom } = settledMove(move);
  const what = outcome === 'undone' ? 'undone' : 'finished';
  return `A move of the CA role was interrupted and is ${what}: no copy of a key is left in ${escapeText(removedFrom)}.\n`;
}

/** What waits for the CA key, which cron seldom has, and the command that makes it. */
export function unlistedSteps(unlisted: number): readonly string[] {
  if (unlisted === 0) return [];
  const are = unlisted === 1 ? 'is' : 'are';
  return [
    `${counted(unlisted, 'revocation')} ${are} in no list yet, which needs the CA key: zmint ca crl`,
  ];
}
