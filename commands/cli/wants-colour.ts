import type { Output, Surroundings } from './surroundings.js';

/**
 * Whether an output is to be coloured: never with --no-color or NO_COLOR, always with FORCE_COLOR
 * (but 0), otherwise on a terminal that is not `dumb`.
 */
export function wantsColour(
  output: Pick<Output, 'isTerminal'>,
  environment: Surroundings['environment'],
  noColor: boolean,
): boolean {
  if (noColor || (environment.NO_COLOR ?? '') !== '') return false;
  const forced = environment.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return output.isTerminal && environment.TERM !== 'dumb';
}
