import { aliasesOf, type Catalog, type ComingEntry, type ReadyEntry } from './catalog.js';
import type { Argument, Command, Example, Option } from './command.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS, type GlobalOption } from './read-globals.js';
import { statusesOf } from './statuses-of.js';
import type { Surface } from './table.js';
import { wrapPhrases, wrapTerms, wrapText } from './wrap-text.js';

/** The page that `zmint` and `zmint help` show: every command in one line. */
export function overviewPage(catalog: Catalog, surface: Surface): string {
  const ready = catalog.filter((entry) => entry.kind !== 'coming');
  const coming = catalog.filter((entry) => entry.kind === 'coming').map((entry) => entry.name);
  return page(surface, [
    ['', 'zmint administers the certificates of a zone.\n\n  zmint COMMAND [ARGUMENT…] [OPTION…]'],
    ['Commands', wrapTerms(ready.map(summaryLine), surface.width)],
    ['Options of every command', wrapTerms(GLOBAL_OPTIONS.map(globalLine), surface.width)],
    ['Coming later', wrapPhrases(coming, surface.width)],
    ['', 'zmint help COMMAND explains one.'],
  ]);
}

/** The commands of a noun: what `zmint ssl` shows. */
export function nounPage(catalog: Catalog, noun: string, surface: Surface): string {
  const own = catalog.filter((entry) => entry.name.startsWith(`${noun} `));
  return page(surface, [
    ['', `  zmint ${noun} COMMAND [ARGUMENT…] [OPTION…]`],
    ['Commands', wrapTerms(own.map(summaryLine), surface.width)],
    ['', `zmint help ${noun} COMMAND explains one.`],
  ]);
}

/** The page of a command that a later version will have. */
export function comingPage(entry: ComingEntry): string {
  return `  zmint ${entry.name}\n\nTo come: ${entry.summary}. This version does not have it yet.\n`;
}

/** The page of a command: purpose, arguments, options, exit statuses, examples. */
export function commandPage(entry: ReadyEntry, command: Command, surface: Surface): string {
  const { width } = surface;
  const aliases = aliasesOf(entry);
  const also =
    aliases.length === 0 ? '' : `\n\nAlso: ${aliases.map((a) => `zmint ${a}`).join(', ')}`;
  const options = Object.values(command.options).filter((option) => option.hidden !== true);
  const changes = command.changes ? CHANGE_OPTIONS : [];
  return page(surface, [
    ['', wrapText(synopsis(command), width, '  ')],
    ['', wrapText(command.description + also, width)],
    ['Arguments', wrapTerms(Object.values(command.arguments).map(argumentLine), width)],
    ['Options', wrapTerms([...options.map(optionLine), ...changes.map(globalLine)], width)],
    ['Options of every command', wrapPhrases(GLOBAL_OPTIONS.map(flagOf), width)],
    [
      'Exit statuses',
      wrapTerms(
        statusesOf(command).map(([s, m]) => [String(s), m]),
        width,
      ),
    ],
    ['Examples', command.examples.map((each) => exampleLines(each, width)).join('\n')],
  ]);
}

/** The line stays whole, so that it can be copied. */
function exampleLines({ line, shows }: Example, width: number): string {
  return `  ${line}\n${wrapText(shows, width, '      ')}`;
}

/** The command with its arguments: `zmint ssl remint [SERVER…] [OPTION…]`. */
export function synopsis(command: Command): string {
  const words = Object.values(command.arguments).map(argumentWord);
  const options = Object.keys(command.options).length > 0 || command.changes ? ['[OPTION…]'] : [];
  return ['zmint', command.name, ...words, ...options].join(' ');
}

/** An option as it is typed: `-f, --key SPEC`. */
export function optionWord(option: Option): string {
  const flags = option.short === undefined ? option.flag : `${option.short}, ${option.flag}`;
  if (option.kind === 'flag') return flags;
  const bare = option.kind === 'value' && option.bare === true;
  return `${flags} ${bare ? `[${option.value}]` : option.value}`;
}

function argumentWord(argument: Argument): string {
  if (argument.kind === 'rest') return `[${argument.value}…]`;
  return argument.kind === 'optional' ? `[${argument.value}]` : argument.value;
}

function argumentLine(argument: Argument): readonly [string, string] {
  return [argumentWord(argument), argument.summary];
}

function optionLine(option: Option): readonly [string, string] {
  const again = option.kind === 'list' ? '; may be given several times' : '';
  return [optionWord(option), option.summary + again];
}

function flagOf(option: GlobalOption): string {
  return option.value === undefined ? option.flag : `${option.flag} ${option.value}`;
}

function globalLine(option: GlobalOption): readonly [string, string] {
  return [flagOf(option), option.summary];
}

function summaryLine(entry: {
  readonly name: string;
  readonly summary: string;
}): readonly [string, string] {
  return [entry.name, entry.summary];
}

function page(
  surface: Surface,
  sections: readonly (readonly [title: string, body: string])[],
): string {
  const shown = sections.filter(([, body]) => body !== '');
  const blocks = shown.map(([title, body]) =>
    title === '' ? body : `${surface.style.strong(title)}\n${body}`,
  );
  return `${blocks.join('\n\n')}\n`;
}
