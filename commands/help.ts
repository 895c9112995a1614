import { defineCommand } from './cli/command.js';
import { text } from './cli/parsers.js';

/** `zmint help [COMMAND…]`: the same pages as `--help`. */
export const help = defineCommand({
  name: 'help',
  summary: 'explain a command',
  description:
    'Shows every command, the commands of a noun, or the page of one command: its purpose, arguments, options, exit statuses and examples. "zmint COMMAND --help" and "zmint COMMAND /?" show the same page.',
  arguments: {
    words: { kind: 'rest', value: 'COMMAND', summary: 'the words of the command', parse: text },
  },
  options: {},
  changes: false,
  statuses: [],
  examples: [
    { line: 'zmint help ssl remint', shows: 'what reminting takes, does and answers' },
    { line: 'zmint help ssl', shows: 'the commands of ssl' },
  ],
  async run(session, input) {
    const page = await session.manual.page(input.words);
    return { json: { text: page }, text: page };
  },
});
