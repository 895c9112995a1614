import { aliasesOf, type Catalog, type Entry, type ReadyEntry } from './catalog.js';
import type { Argument, Command, Example, Option } from './command.js';
import { EXIT_STATUSES } from './exit-status.js';
import { optionWord, synopsis } from './help-page.js';
import { CHANGE_OPTIONS, GLOBAL_OPTIONS, type GlobalOption } from './read-globals.js';
import { statusesOf } from './statuses-of.js';

const NOTE = '<!-- Written by npm run reference from the commands themselves; do not edit. -->';

/** The reference of all commands, in Markdown. */
export async function renderCommands(catalog: Catalog): Promise<string> {
  const sections: string[] = [];
  for (const entry of catalog) {
    if (entry.kind === 'ready') sections.push(commandSection(entry, await entry.load()));
    if (entry.kind === 'shortcut') sections.push(shortcutSection(entry.name, entry.means));
  }
  const coming = catalog.filter((entry) => entry.kind === 'coming');
  return [
    NOTE,
    '# Commands',
    'What `zmint help COMMAND` shows, for every command.',
    '## Options of every command',
    optionTable(GLOBAL_OPTIONS.map(globalRow)),
    'Commands that change something also take:',
    optionTable(CHANGE_OPTIONS.map(globalRow)),
    ...sections,
    '## Coming later',
    coming.map(comingLine).join('\n'),
  ].join('\n\n');
}

/** The table of exit statuses, in Markdown. */
export function renderStatuses(): string {
  const rows = Object.entries(EXIT_STATUSES).map(([code, { status, meaning, hint }]) => ({
    status,
    text: row([String(status), `\`${code}\``, meaning, hint]),
  }));
  rows.sort((a, b) => a.status - b.status);
  return [
    NOTE,
    '# Exit statuses',
    'The code is what `--json` prints in `zmint.error/1`; scripts may rely on both. 0 means done. `zmint check` alone answers like a monitoring plugin.',
    table(['status', 'code', 'meaning', 'what to do'], [...rows.map(({ text }) => text)]),
  ].join('\n\n');
}

function commandSection(entry: ReadyEntry, command: Command): string {
  const aliases = aliasesOf(entry).map((alias) => `\`zmint ${alias}\``);
  const options = Object.values(command.options).filter((option) => option.hidden !== true);
  const parts = [
    `## ${entry.name}`,
    `\`${synopsis(command)}\``,
    ...(aliases.length === 0 ? [] : [`Also: ${aliases.join(', ')}.`]),
    command.description.replaceAll('\n', '\n\n'),
    optionTable([...Object.values(command.arguments).map(argumentRow), ...options.map(optionRow)]),
    table(
      ['exit status', 'meaning'],
      statusesOf(command).map(([status, meaning]) => row([String(status), meaning])),
    ),
    ...command.examples.map(exampleBlock),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function shortcutSection(name: string, means: readonly string[]): string {
  return `## ${name}\n\nThe same as \`zmint ${means.join(' ')}\`.`;
}

function exampleBlock(example: Example): string {
  const output = example.output === undefined ? '' : `\n${example.output.trimEnd()}`;
  return `Example: ${example.shows}\n\n\`\`\`console\n$ ${example.line}${output}\n\`\`\``;
}

function comingLine(entry: Entry): string {
  return `- \`${entry.name}\`: ${entry.summary}`;
}

function argumentRow(argument: Argument): string {
  return row([`\`${argument.value}\``, argument.summary]);
}

function optionRow(option: Option): string {
  return row([`\`${optionWord(option)}\``, option.summary]);
}

function globalRow({ flag, value, summary }: GlobalOption): string {
  return row([`\`${value === undefined ? flag : `${flag} ${value}`}\``, summary]);
}

function optionTable(rows: readonly string[]): string {
  return rows.length === 0 ? '' : table(['argument or option', 'meaning'], rows);
}

function table(titles: readonly string[], rows: readonly string[]): string {
  return [row(titles), row(titles.map(() => '---')), ...rows].join('\n');
}

function row(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}
