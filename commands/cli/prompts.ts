import type { createPromptModule } from 'inquirer';
import { ZmintError } from '../../src/errors.js';
import type { Asker, Choice } from './session.js';
import type { Surroundings } from './surroundings.js';

type PromptModule = ReturnType<typeof createPromptModule>;
type Dialogue = Pick<Surroundings, 'dialogue'>;

/** One question put to inquirer, whose answer is called `answer`. */
type Put = (ask: PromptModule) => Promise<{ readonly answer?: unknown }>;

/** Questions as `Asker` promises; `interactive` says whether anybody can answer. */
export function createAsker(surroundings: Dialogue, interactive: boolean): Asker {
  const ask = async (message: string, put: Put): Promise<unknown> => {
    if (!interactive) throw unanswered(message);
    return prompt(surroundings, put);
  };
  const name = 'answer';
  return {
    async line(message, options = {}) {
      const validate = (text: string): string | true => options.check?.(text) ?? true;
      const preset = options.preset === undefined ? {} : { default: options.preset };
      const look = options.plain === true ? { theme: { prefix: '' } } : {};
      const answer = await ask(message, (put) =>
        put([{ type: 'input', name, message, validate, ...preset, ...look }]),
      );
      return typeof answer === 'string' ? answer : '';
    },
    async yesNo(message, preset) {
      const question = { type: 'confirm', name, message, default: preset } as const;
      return (await ask(message, (put) => put([question]))) === true;
    },
    async choose(message, choices) {
      const question = { type: 'select', name, message, choices: numbered(choices) } as const;
      return picked(choices, await ask(message, (put) => put([question])));
    },
    async chooseMany(message, choices) {
      const question = { type: 'checkbox', name, message, choices: numbered(choices) } as const;
      const answer = await ask(message, (put) => put([question]));
      return Array.isArray(answer) ? answer.map((index: unknown) => picked(choices, index)) : [];
    },
  };
}

/** Asks for a secret without echo. Throws as the questions of `Asker` do. */
export async function askSecret(
  surroundings: Dialogue,
  interactive: boolean,
  message: string,
): Promise<string> {
  if (!interactive) {
    throw unanswered(message, 'give it with --passphrase-file FILE or --passphrase-fd N');
  }
  const answer = await prompt(surroundings, (put) =>
    put([{ type: 'password', name: 'answer', message }]),
  );
  return typeof answer === 'string' ? answer : '';
}

/** The error for a question without a person. */
export function unanswered(question: string, hint?: string): ZmintError {
  return new ZmintError('question-unanswered', `nobody is there to answer "${question}"`, {
    ...(hint === undefined ? {} : { hint }),
    details: { question },
  });
}

function numbered<T>(choices: readonly Choice<T>[]): { name: string; value: number }[] {
  return choices.map((choice, index) => ({ name: choice.name, value: index }));
}

function picked<T>(choices: readonly Choice<T>[], index: unknown): T {
  const choice = choices[Number(index)];
  if (choice === undefined) throw new ZmintError('bug', 'the menu returned no choice of its own');
  return choice.value;
}

async function prompt(surroundings: Dialogue, put: Put): Promise<unknown> {
  const { createPromptModule } = await import('inquirer');
  try {
    const { answer } = await put(createPromptModule(surroundings.dialogue()));
    return answer;
  } catch (error) {
    if (error instanceof Error && error.name === 'ExitPromptError') {
      throw new ZmintError('interrupted', 'interrupted at a question', { cause: error });
    }
    throw error;
  }
}
