import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { ZmintError } from '../../src/errors.js';
import type { Argument, Command, Input, Option, Parse, ParseContext } from './command.js';
import { nearest } from './nearest.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS } from './read-globals.js';

/**
 * The words behind a command's name as its input: options anywhere, then arguments, each through
 * its parse function. Throws `usage` (an unknown option with what was meant), or what a parse
 * function throws with the name of the option or argument in front.
 */
export function parseInput(
  command: Command,
  words: readonly string[],
  context: ParseContext,
): Input {
  const { parser, keys } = buildParser(command);
  const expanded = expandLongShorts(command, words);
  try {
    parser.parse([...expanded], { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageError(error, command) : error;
  }
  const input: Record<string, unknown> = readArguments(command, parser.args, context);
  for (const [key, option] of Object.entries(command.options)) {
    const raw: unknown = parser.getOptionValue(keys.get(key) ?? key);
    input[key] = readOption(command, option, raw, context);
  }
  return input;
}

function buildParser(command: Command): {
  readonly parser: Commander;
  readonly keys: ReadonlyMap<string, string>;
} {
  const silent = { writeOut: () => undefined, writeErr: () => undefined };
  const parser = new Commander(command.name)
    .exitOverride()
    .configureOutput(silent)
    .helpOption(false)
    .showSuggestionAfterError(false)
    .argument('[words...]');
  const keys = new Map<string, string>();
  for (const [key, option] of Object.entries(command.options)) {
    const built = commanderOption(option);
    keys.set(key, built.attributeName());
    parser.addOption(built);
  }
  return { parser, keys };
}

function commanderOption(option: Option): CommanderOption {
  const short = option.short?.length === 2 ? `${option.short}, ` : '';
  const bare = option.kind === 'value' && option.bare === true;
  const value = option.kind === 'flag' ? '' : bare ? ' [value]' : ' <value>';
  const built = new CommanderOption(`${short}${option.flag}${value}`);
  if (option.kind === 'flag') return built;
  if (bare) built.preset('');
  return built.argParser((text: string, before: readonly string[] | undefined) => [
    ...(before ?? []),
    text,
  ]);
}

/** `-ksp X` of old habits: commander knows short options of one letter only. */
function expandLongShorts(command: Command, words: readonly string[]): readonly string[] {
  const end = words.indexOf('--');
  const long = new Map<string, string>();
  for (const option of Object.values(command.options)) {
    if (option.short !== undefined && option.short.length > 2) long.set(option.short, option.flag);
  }
  return words.map((word, index) => (end !== -1 && index > end ? word : (long.get(word) ?? word)));
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
  option: Option,
  raw: unknown,
  context: ParseContext,
): unknown {
  if (option.kind === 'flag') return option.flag.startsWith('--no-') ? raw === false : raw === true;
  const texts = Array.isArray(raw) ? raw.map(String) : [];
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

function usageError(error: CommanderError, command: Command): ZmintError {
  const quoted = /'([^']*)'/u.exec(error.message)?.[1] ?? '';
  if (error.code !== 'commander.unknownOption') {
    return new ZmintError('usage', `${quoted.replace(' <value>', '')} needs a value`);
  }
  const word = quoted.split('=')[0] ?? quoted;
  const common = [...GLOBAL_OPTIONS, ...(command.changes ? CHANGE_OPTIONS : [])];
  const known = [
    ...Object.values(command.options).filter((option) => option.hidden !== true),
    ...common,
  ].map((option) => option.flag);
  const meant = nearest(word, known);
  const hint = meant === undefined ? {} : { hint: `did you mean ${meant}?` };
  return new ZmintError('usage', `zmint ${command.name} has no option ${word}`, hint);
}
