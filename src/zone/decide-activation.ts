import { ZmintError } from '../errors.js';
import { HOUR, renderInstant, type Instant } from './instant.js';
import type { Activation } from './operation-terms.js';
import type { RemintRequest } from './remint-plan.js';

export interface ActivationQuestion {
  readonly asked: RemintRequest['activateAt'];
  readonly now: Instant;
  /** When the CA that issues today ends. */
  readonly caEnds: Instant;
  /** The earliest end among what is replaced; null when nothing is. */
  readonly replacedEnds: Instant | null;
}

export interface ActivationDecision {
  readonly activation: Activation;
  /** What is replaced has expired already. */
  readonly immediate: boolean;
  /** One hour before the earliest end of what is replaced; null when that has passed. */
  readonly deadline: Instant | null;
}

/**
 * When servers are switched (`zone.md`, rules of time). Throws `not-valid-then` for an instant that
 * has passed or that does not lie before the end of the current CA.
 */
export function decideActivation(question: ActivationQuestion): ActivationDecision {
  const { asked, now, caEnds } = question;
  const earliestEnd = Math.min(caEnds, question.replacedEnds ?? caEnds);
  const immediate = earliestEnd < now;
  const deadline = earliestEnd - HOUR > now ? earliestEnd - HOUR : null;
  if (immediate || asked.when === 'now')
    return { activation: { when: 'at', instant: now }, immediate, deadline };
  if (asked.when === 'ready') return { activation: asked, immediate, deadline };
  if (asked.instant < now) {
    throw new ZmintError(
      'not-valid-then',
      `the activation instant ${renderInstant(asked.instant)} has passed`,
      {
        hint: '--activate-at now',
      },
    );
  }
  if (asked.instant >= caEnds) {
    throw new ZmintError(
      'not-valid-then',
      `the activation instant ${renderInstant(asked.instant)} is not before the end of the current CA, ${renderInstant(caEnds)}`,
      { hint: 'choose an earlier --activate-at' },
    );
  }
  return { activation: asked, immediate, deadline };
}
