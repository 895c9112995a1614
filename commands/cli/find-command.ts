import { ZmintError } from '../../src/errors.js';
import { aliasesOf, type Catalog, type ComingEntry, type ReadyEntry } from './catalog.js';
import { nearest } from './nearest.js';

/** What the first words of a line mean. */
export type Found =
  | {
      readonly kind: 'command';
      readonly entry: ReadyEntry | ComingEntry;
      /** What stands behind the command's words. */
      readonly rest: readonly string[];
    }
  /** A noun alone: `ssl`. */
  | { readonly kind: 'noun'; readonly noun: string }
  | { readonly kind: 'nothing' };

const MOST_WORDS = 3;

/**
 * The longest command that the line begins with, by name or alias. Throws `usage` with the nearest
 * name when there is none.
 */
export function findCommand(catalog: Catalog, line: readonly string[]): Found {
  const end = line.findIndex((word) => word.startsWith('-'));
  const words = end === -1 ? line : line.slice(0, end);
  const [noun] = words;
  for (let count = Math.min(MOST_WORDS, words.length); count > 0; count -= 1) {
    const name = words.slice(0, count).join(' ');
    const entry = catalog.find((each) => each.name === name || aliasesOf(each).includes(name));
    if (entry?.kind === 'shortcut') {
      return findCommand(catalog, [...entry.means, ...line.slice(count)]);
    }
    if (entry !== undefined) return { kind: 'command', entry, rest: line.slice(count) };
  }
  if (noun === undefined) return startsWithOption(line);
  if (words.length === 1 && isNoun(catalog, noun)) return { kind: 'noun', noun };
  throw unknownCommand(catalog, words);
}

function startsWithOption(line: readonly string[]): Found {
  const [first] = line;
  if (first === undefined) return { kind: 'nothing' };
  throw new ZmintError('usage', `there is no command before "${first}"`, { hint: 'zmint help' });
}

function isNoun(catalog: Catalog, word: string): boolean {
  return catalog.some((entry) => entry.name.startsWith(`${word} `));
}

function unknownCommand(catalog: Catalog, words: readonly string[]): ZmintError {
  const [noun = '', verb] = words;
  const known = isNoun(catalog, noun);
  const typed = known && verb !== undefined ? `${noun} ${verb}` : noun;
  const names = catalog.flatMap((entry) => [entry.name, ...aliasesOf(entry)]);
  const meant = known
    ? nearestVerb(names, noun, verb ?? '')
    : (nearest(words.slice(0, 2).join(' '), names) ??
      nearest(noun, [...names, ...names.map((name) => name.split(' ')[0] ?? '')]));
  const all = known ? `zmint help ${noun}` : 'zmint help';
  return new ZmintError('usage', `there is no command "${typed}"`, {
    hint: meant === undefined ? `${all} lists them` : `did you mean "zmint ${meant}"?`,
  });
}

function nearestVerb(names: readonly string[], noun: string, verb: string): string | undefined {
  const prefix = `${noun} `;
  const verbs = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length));
  const meant = nearest(verb, verbs);
  return meant === undefined ? undefined : prefix + meant;
}
