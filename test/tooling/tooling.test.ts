import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { renderCommands, renderStatuses } from '../../commands/cli/reference.js';
import { SAMPLE } from '../support/sample-commands.js';

const ROOT = process.cwd();

function node(...words: readonly string[]) {
  return spawnSync(process.execPath, words, { cwd: ROOT, encoding: 'utf8' });
}

test('the reference in docs/ is what the commands say', () => {
  const { status, stderr } = node('test/tooling/generate-reference.mjs', '--check');
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
});

test('the reference knows each kind of command', async () => {
  const text = await renderCommands(SAMPLE);
  expect(text).toContain('`zmint boat paint COLOUR [BOAT…] [OPTION…]`');
  expect(text).toContain('| `-str, --stripe COLOUR` | a stripe |');
  expect(text).toContain('The same as `zmint boat paint red`.');
  expect(text).toContain('- `boat sail`: sail away');
  expect(text).not.toContain('--secret-paint');
  expect(renderStatuses()).toContain('| 50 | `not-available-yet` |');
});

test('the run of the tests ends with one plain line', () => {
  const script = `const { default: Reporter } = await import('./test/tooling/count-reporter.mjs');
    new Reporter().onRunComplete(new Set(), {
      numPassedTests: 7, numFailedTests: 1, numRuntimeErrorTestSuites: 1 });`;
  expect(node('--input-type=module', '-e', script).stderr).toBe('7 passed, 2 failed\n');
});

describe('the layers', () => {
  /** The rules broken by one file with the given text, in a tree of its own beside real packages. */
  function broken(
    file: string,
    text: string,
    others: Readonly<Record<string, string>> = {},
  ): string {
    const folder = mkdtempSync(join(tmpdir(), 'zmint-layers-'));
    try {
      for (const [path, content] of Object.entries({ [file]: text, ...others })) {
        mkdirSync(dirname(join(folder, path)), { recursive: true });
        writeFileSync(join(folder, path), content);
      }
      for (const path of ['package.json', 'tsconfig.json']) {
        writeFileSync(join(folder, path), readFileSync(join(ROOT, path)));
      }
      symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const { stdout } = spawnSync(
        process.execPath,
        [
          resolve(ROOT, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs'),
          '--config',
          resolve(ROOT, 'test/tooling/dependency-cruiser.cjs'),
          '--output-type',
          'err',
          dirname(file),
        ],
        { cwd: folder, encoding: 'utf8' },
      );
      return stdout;
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }

  const empty = 'export const x = 1;\nexport type X = 1;\n';
  test.each([
    ['layer: src/zone', 'src/zone/a.ts', "import '../ports/b.js';", 'src/ports/b.ts'],
    [
      'layer: src/zone',
      'src/zone/a.ts',
      "import type { X } from '../ports/b.js';\nexport type Y = X;",
      'src/ports/b.ts',
    ],
    [
      'layer: src/operations',
      'src/operations/a.ts',
      "import '../adapters/sql/b.js';",
      'src/adapters/sql/b.ts',
    ],
    [
      'layer: src/adapters',
      'src/adapters/fs/a.ts',
      "import '../../operations/b.js';",
      'src/operations/b.ts',
    ],
    ['layer: commands', 'commands/a.ts', "import '../src/zone/b.js';", 'src/zone/b.ts'],
    [
      'layer: commands',
      'commands/a.ts',
      "await import('../src/operations/b.js');",
      'src/operations/b.ts',
    ],
    ['layer: bin', 'bin/a.ts', "import '../src/zone/b.js';", 'src/zone/b.ts'],
    ['pure core: no Node modules', 'src/zone/a.ts', "import 'node:fs';", 'src/zone/b.ts'],
    ['pure core: no packages', 'src/operations/a.ts', "import 'zod';", 'src/zone/b.ts'],
    ['x509: no packages but', 'src/x509/a.ts', "import 'zod';", 'src/x509/b.ts'],
    ['commands: no Node modules', 'commands/a.ts', "import 'node:path';", 'commands/b.ts'],
    ['SQL stays in', 'src/adapters/fs/a.ts', "import 'better-sqlite3';", 'src/adapters/fs/b.ts'],
    ['commander, prompts', 'commands/ssl/a.ts', "import 'commander';", 'commands/ssl/b.ts'],
    ['no cycles', 'src/zone/a.ts', "import './b.js';", 'src/zone/b.ts'],
    ['no unresolvable', 'src/zone/a.ts', "import './c.js';", 'src/zone/b.ts'],
  ])('%s: seen in %s', (rule, file, text, other) => {
    const back = rule === 'no cycles' ? "import './a.js';\n" : '';
    expect(broken(file, `${text}\nexport const y = 1;\n`, { [other]: back + empty })).toContain(
      rule,
    );
  });

  test.each([
    ['src/x509/a.ts', "import '@peculiar/asn1-schema';", 'src/x509/b.ts'],
    ['src/operations/a.ts', "import '../zone/b.js';", 'src/zone/b.ts'],
    ['commands/a.ts', "import '../src/errors.js';", 'src/errors.ts'],
  ])('%s may do what it does', (file, text, other) => {
    expect(broken(file, `${text}\n`, { [other]: empty })).toContain(
      'no dependency violations found',
    );
  });
});
