import { Command as Commander, CommanderError, Option as CommanderOption } from 'commander';
import { ZmintError } from '../../src/errors.js';
import type { Command, Option } from './command.js';
import { nearest } from './nearest.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS } from './read-globals.js';
import type { Words } from './read-plain-words.js';

/** Any words, as commander reads them. Throws `usage` (an unknown option with what was meant). */
export function readWithCommander(command: Command, words: readonly string[]): Words {
  const { parser, keys } = buildParser(command);
  const expanded = expandLongShorts(command, words);
  try {
    parser.parse([...expanded], { from: 'user' });
  } catch (error) {
    throw error instanceof CommanderError ? usageError(error, command) : error;
  }
  const flags = new Set<string>();
  const texts = new Map<string, readonly string[]>();
  for (const [key, option] of Object.entries(command.options)) {
    const raw: unknown = parser.getOptionValue(keys.get(key) ?? key);
    if (option.kind !== 'flag') texts.set(key, Array.isArray(raw) ? raw.map(String) : []);
    else if (raw === !option.flag.startsWith('--no-')) flags.add(key);
  }
  return { arguments: parser.args, flags, texts };
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
