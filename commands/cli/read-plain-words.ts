import type { Command, Option } from './command.js';

/** A line taken apart: what its options and arguments are made from. */
export interface Words {
  readonly arguments: readonly string[];
  /** The keys of the flags that were given. */
  readonly flags: ReadonlySet<string>;
  /** What was given for each key of the other options, in order. */
  readonly texts: ReadonlyMap<string, readonly string[]>;
}

/**
 * Takes apart a line that can be read in one way only: options written in full, each value in a word of
 * its own or behind `=`. Undefined for every other line, which commander reads: most lines need
 * not wait until it is loaded.
 */
export function readPlainWords(command: Command, words: readonly string[]): Words | undefined {
  const read: Reading = { arguments: [], flags: new Set(), texts: new Map() };
  for (let index = 0; index < words.length;) {
    const word = words[index] ?? '';
    const used = word.startsWith('-') ? readOption(read, command, word, words[index + 1]) : 1;
    if (used === undefined) return undefined;
    if (!word.startsWith('-')) read.arguments.push(word);
    index += used;
  }
  return contradicts(read, command) ? undefined : read;
}

/** A flag and its opposite: commander lets the last one win. */
function contradicts({ flags }: Reading, command: Command): boolean {
  const given = Object.entries(command.options).filter(([key]) => flags.has(key));
  const names = new Set<string>(given.map(([, option]) => option.flag));
  return [...names].some((name) => names.has(name.replace('--', '--no-')));
}

interface Reading {
  readonly arguments: string[];
  readonly flags: Set<string>;
  readonly texts: Map<string, string[]>;
}

/** Takes one option, and says how many words it was; undefined when that is not plain. */
function readOption(
  read: Reading,
  command: Command,
  word: string,
  next: string | undefined,
): 1 | 2 | undefined {
  const { flag, attached } = splitAtEquals(word);
  const found = findOption(command, flag);
  if (found === undefined) return undefined;
  const [key, option] = found;
  if (option.kind === 'flag') {
    read.flags.add(key);
    return attached === undefined ? 1 : undefined;
  }
  const text = attached ?? next ?? '';
  if (text === '' || text.startsWith('-')) return undefined;
  const given = read.texts.get(key);
  if (given === undefined) read.texts.set(key, [text]);
  else given.push(text);
  return attached === undefined ? 2 : 1;
}

function findOption(command: Command, flag: string): readonly [string, Option] | undefined {
  return Object.entries(command.options).find(([, option]) => option.flag === flag);
}

function splitAtEquals(word: string): { readonly flag: string; readonly attached?: string } {
  const at = word.indexOf('=');
  return at === -1 ? { flag: word } : { flag: word.slice(0, at), attached: word.slice(at + 1) };
}
