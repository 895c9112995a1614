import { loadColours, PLAIN, type Style } from './style.js';
import type { Output, Surroundings } from './surroundings.js';
import { wantsColour } from './wants-colour.js';

/** The style of an output; chalk is loaded only for colours. */
export async function styleFor(
  output: Pick<Output, 'isTerminal'>,
  surroundings: Pick<Surroundings, 'environment'>,
  noColor: boolean,
): Promise<Style> {
  return wantsColour(output, surroundings.environment, noColor) ? loadColours() : PLAIN;
}
