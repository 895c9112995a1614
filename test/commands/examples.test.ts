import { describe, expect, test } from '@jest/globals';
import type { ReadyEntry } from '../../commands/cli/catalog.js';
import { exitStatus } from '../../commands/cli/exit-status.js';
import { REGISTRY } from '../../commands/registry.js';
import { commandLine } from '../support/command-line.js';
import { layExampleFiles } from '../support/example-files.js';
import { serveExamples } from '../support/serve-examples.js';

const ready = REGISTRY.filter((entry): entry is ReadyEntry => entry.kind === 'ready');

/** Text in which `…` at the end of a line stands for anything. */
function matching(shown: string): RegExp {
  const lines = shown.split('\n').map((line) => {
    const literal = line.replace(/…$/u, '').replace(/[$()*+.?[\\\]^{|}]/gu, '\\$&');
    return line.endsWith('…') ? `${literal}.*` : literal;
  });
  return new RegExp(`^${lines.join('\n')}$`, 'u');
}

/** Whether an example needs the files that are laid for examples. */
function namesFiles(name: string, lines: readonly string[]): boolean {
  return (
    name.startsWith('cert ') ||
    /\b(?:chain\.pem|out\.txt|secret\.txt|web1\.(?:cer|p12))\b/u.test(lines.join(' '))
  );
}

describe('the examples of the help run', () => {
  test.each(ready.map((entry) => [entry.name, entry] as const))('%s', async (_name, entry) => {
    const { examples, ownStatuses } = await entry.load();
    const good = [0, ...(ownStatuses ?? []).map((own) => own.status)];
    for (const { line, given, output } of examples) {
      const at = commandLine();
      if (namesFiles(entry.name, [line, ...(given ?? [])])) await layExampleFiles(at);
      if (entry.name === 'getsscert') await serveExamples(at);
      await at.given(given ?? []);
      const { status, out, err } = await at.run(line);
      expect({ line, err, good: good.includes(status) }).toEqual({ line, err, good: true });
      expect(status).not.toBe(exitStatus('bug'));
      if (output !== undefined) expect(out.trimEnd()).toMatch(matching(output.trimEnd()));
    }
  });
});
