import type { Activation, Instant, RemintRequest } from '../../src/index.js';

/** The activation that was typed, `ready` when nothing was. A person may take a while to answer: `now` means then. */
export function askedActivation(
  asked: Activation | undefined,
  now: Instant,
): RemintRequest['activateAt'] {
  if (asked?.when !== 'at') return { when: 'ready' };
  return asked.instant === now ? { when: 'now' } : asked;
}
