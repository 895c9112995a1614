import { ZmintError } from '../../src/errors.js';
import type {
  Argument,
  Command,
  FlagOption,
  Input,
  Option,
  Parse,
  ParseContext,
} from './command.js';
import { readPlainWords, type Words } from './read-plain-words.js';

/**
 * The words behind a command's name as its input: options anywhere, then arguments, each through
 * its parse function. Throws `usage` (an unknown option with what was meant), or what a parse
 * function throws with the name of the option or argument in front.
 */
export async function parseInput(
  command: Command,
  words: readonly string[],
  context: ParseContext,
): Promise<Input> {
  const read = readPlainWords(command, words) ?? (await readAnyWords(command, words));
  const input: Record<string, unknown> = readArguments(command, read.arguments, context);
  for (const [key, option] of Object.entries(command.options)) {
    if (option.kind === 'flag') input[key] = read.flags.has(key);
    else input[key] = readOption(command, option, read.texts.get(key) ?? [], context);
  }
  return input;
}

async function readAnyWords(command: Command, words: readonly string[]): Promise<Words> {
  const { readWithCommander } = await import('./read-with-commander.js');
  return readWithCommander(command, words);
}

function readArguments(
  command: Command,
  words: readonly string[],
  context: ParseContext,
): Record<string, unknown> {
  const input: Record<string, unknown> = {};
  let left = words;
  for (const [key, argument] of Object.entries(command.arguments)) {
    input[key] = readArgument(argument, left, context);
    left = argument.kind === 'rest' ? [] : left.slice(1);
  }
  const [extra] = left;
  if (extra === undefined) return input;
  throw new ZmintError('usage', `"${extra}" is one argument too many`);
}

function readArgument(
  argument: Argument,
  words: readonly string[],
  context: ParseContext,
): unknown {
  const parse = (word: string): unknown =>
    named(argument.value, () => argument.parse(word, context));
  if (argument.kind === 'rest') return words.map(parse);
  const [word] = words;
  if (word !== undefined) return parse(word);
  if (argument.kind === 'optional') return undefined;
  throw new ZmintError('usage', `${argument.value} is missing: ${argument.summary}`);
}

function readOption(
  command: Command,
  option: Exclude<Option, FlagOption>,
  texts: readonly string[],
  context: ParseContext,
): unknown {
  for (const text of texts) refuseFlagAsValue(command, option, text);
  const [first, second] = texts;
  if (option.kind === 'list') return texts.map((text) => readValue(option, text, context));
  if (second !== undefined) throw new ZmintError('usage', `${option.flag} is given twice`);
  return first === undefined ? undefined : readValue(option, first, context);
}

function readValue(
  option: { readonly flag: string; readonly parse: Parse<unknown> },
  text: string,
  context: ParseContext,
): unknown {
  return named(option.flag, () => option.parse(text, context));
}

function refuseFlagAsValue(command: Command, option: Option, text: string): void {
  const taken = Object.values(command.options).some(
    (each) => each.flag === text || each.short === text,
  );
  if (taken && option.kind !== 'flag') {
    throw new ZmintError('usage', `${option.flag} needs a value: ${option.value}`);
  }
}

function named<T>(name: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ZmintError)) throw error;
    const { hint, details } = error;
    throw new ZmintError(error.code, `${name}: ${error.message}`, {
      ...(hint === undefined ? {} : { hint }),
      details,
      cause: error,
    });
  }
}
