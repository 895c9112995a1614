import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { renderCompletion } from '../../commands/completion-view.js';
import { describeCompletion } from '../../commands/cli/describe-completion.js';
import { REGISTRY } from '../../commands/registry.js';
import { SAMPLE } from '../support/sample-commands.js';
import { requireTool } from '../support/tools.js';

/** What bash offers at the end of the line. */
function offered(script: string, line: string): readonly string[] {
  const words = line.split(' ');
  const ask = `${script}
COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length - 1}
_zmint; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync('bash', ['--norc', '-c', ask], { encoding: 'utf8' });
  return out.split('\n').filter((each) => each !== '');
}

describe('completion for bash', () => {
  test.each([
    ['zmint ', ['boat', 'paint-boat', 'help', 'redden']],
    ['zmint bo', ['boat']],
    ['zmint boat ', ['paint', 'show']],
    ['zmint --zone /tmp boat s', ['show']],
    ['zmint boat paint --c', ['--coats']],
    ['zmint boat paint red b1 --y', ['--yes']],
    ['zmint paint-boat --str', ['--stripe']],
    ['zmint redden --coa', ['--coats']],
    ['zmint boat paint --secret', []],
    ['zmint boat show --dry', []],
    ['zmint boat show --js', ['--json']],
  ])('%j offers %j', async (line, expected) => {
    const script = renderCompletion('bash', await describeCompletion(SAMPLE));
    expect(offered(script, line)).toEqual(expected);
  });
});

describe('completion for fish', () => {
  test.each([
    ['zmint ', ['boat', 'paint-boat', 'help', 'redden']],
    ['zmint boat ', ['paint', 'show']],
    ['zmint --zone /tmp boat s', ['show']],
    ['zmint boat paint --c', ['--coats']],
    ['zmint boat paint red b1 --y', ['--yes']],
    ['zmint boat show --dry', []],
  ])('%j offers %j', async (line, expected) => {
    if (!requireTool('fish')) return;
    const script = renderCompletion('fish', await describeCompletion(SAMPLE));
    const ask = `${script}\ncomplete -C '${line}'`;
    const out = execFileSync('fish', ['--no-config', '-c', ask], { encoding: 'utf8' });
    const words = out.split('\n').map((each) => each.split('\t')[0] ?? '');
    expect(words.filter((each) => each !== '').sort()).toEqual([...expected].sort());
  });
});

describe.each(['bash', 'zsh', 'fish'] as const)('the script for %s', (shell) => {
  test('names every command that there is', async () => {
    const script = renderCompletion(shell, await describeCompletion(REGISTRY));
    for (const entry of REGISTRY) {
      if (entry.kind !== 'coming') expect(script).toContain(entry.name);
    }
  });

  test('is accepted by the shell itself', async () => {
    const script = renderCompletion(shell, await describeCompletion(REGISTRY));
    if (!requireTool(shell)) return;
    const folder = mkdtempSync(join(tmpdir(), 'zmint-completion-'));
    try {
      writeFileSync(join(folder, 'script'), script);
      execFileSync(shell, ['-n', join(folder, 'script')], { stdio: 'pipe' });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
