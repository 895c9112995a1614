import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Command } from '../../../commands/cli/command.js';
import { readPlainWords } from '../../../commands/cli/read-plain-words.js';
import { readWithCommander } from '../../../commands/cli/read-with-commander.js';
import { REGISTRY } from '../../../commands/registry.js';

async function commandsOf(): Promise<readonly Command[]> {
  const commands: Command[] = [];
  for (const entry of REGISTRY) if (entry.kind === 'ready') commands.push(await entry.load());
  return commands;
}

function lineOf(command: Command): fc.Arbitrary<readonly string[]> {
  const flags = Object.values(command.options).flatMap(({ flag, short }) =>
    short === undefined ? [flag] : [flag, short],
  );
  const text = fc.constantFrom('web1', '30', '', '-', '--', '-5', 'a=b', '--no-such', '-x', 'ä');
  const word = fc.oneof(
    text,
    fc.constantFrom('web1', ...flags),
    fc.tuple(fc.constantFrom('--x', ...flags), text).map(([flag, value]) => `${flag}=${value}`),
  );
  return fc.array(word, { maxLength: 6 });
}

function shown(read: ReturnType<typeof readWithCommander>) {
  return {
    arguments: read.arguments,
    flags: [...read.flags].sort(),
    texts: [...read.texts].filter(([, texts]) => texts.length > 0).sort(),
  };
}

test('what is read without commander is what commander reads', async () => {
  const counts = { plain: 0, other: 0 };
  for (const command of await commandsOf()) {
    fc.assert(
      fc.property(lineOf(command), (words) => {
        const plain = readPlainWords(command, words);
        counts[plain === undefined ? 'other' : 'plain'] += 1;
        if (plain === undefined) return;
        expect(shown(plain)).toEqual(shown(readWithCommander(command, words)));
      }),
      { numRuns: 200 },
    );
  }
  expect(counts.plain).toBeGreaterThan(500);
  expect(counts.other).toBeGreaterThan(500);
});
