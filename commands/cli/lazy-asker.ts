import type { Asker } from './session.js';
import type { Surroundings } from './surroundings.js';

/** `createAsker`, loaded with the first question: most commands ask nothing. */
export function lazyAsker(
  surroundings: Pick<Surroundings, 'dialogue'>,
  interactive: boolean,
): Asker {
  const load = async (): Promise<Asker> =>
    (await import('./prompts.js')).createAsker(surroundings, interactive);
  return {
    line: async (question, options) => (await load()).line(question, options),
    yesNo: async (question, preset) => (await load()).yesNo(question, preset),
    choose: async (question, choices) => (await load()).choose(question, choices),
    chooseMany: async (question, choices) => (await load()).chooseMany(question, choices),
  };
}
