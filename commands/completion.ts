import { defineCommand } from './cli/command.js';
import { SHELLS, type Shell } from './cli/manual.js';
import { oneOf } from './cli/parsers.js';
import { renderCompletion } from './completion-view.js';

/** `zmint completion bash|zsh|fish`. */
export const completion = defineCommand({
  name: 'completion',
  summary: 'print the completion script of a shell',
  description:
    'Prints a script that completes the commands and options of zmint. Load it from the start file of the shell, or put it where the shell looks for completions.',
  arguments: {
    shell: {
      kind: 'required',
      value: 'SHELL',
      summary: 'bash, zsh or fish',
      parse: oneOf<Shell>(SHELLS),
    },
  },
  options: {},
  changes: false,
  statuses: [],
  examples: [
    { line: 'zmint completion bash', shows: 'for bash: source <(zmint completion bash)' },
    { line: 'zmint completion fish', shows: 'for fish: zmint completion fish | source' },
  ],
  async run(session, input) {
    const words = await session.manual.completion();
    const script = renderCompletion(input.shell, words);
    return { json: { shell: input.shell, script }, text: script };
  },
});
