import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requireTool } from '../support/tools.js';
import {
  ALONE,
  APART,
  WITH_TOKEN,
  CHAPTERS,
  fits,
  isPart,
  mend,
  readSteps,
  runSteps,
} from '../tooling/guide.mjs';
import { openBench, type Bench } from '../tooling/guide-bench.mjs';

const hasOpenssl = requireTool('openssl');
const HINT = 'node test/tooling/guide.mjs --write puts in what really came; shorten it with …';

/** One line for each step that is not as the text shows it. */
async function differences(bench: Bench, file: string): Promise<readonly string[]> {
  const found = await runSteps(bench, readSteps(readFileSync(file, 'utf8')));
  return found.map(({ step, why, output }) => `${step.line}: ${why}:\n${output}\n(${HINT})`);
}

(hasOpenssl ? describe : describe.skip)('the chapters of the guide, in order', () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await openBench();
  });
  afterAll(() => {
    bench.close();
  });

  test.each(CHAPTERS)(
    '%s happens as it is told',
    async (file) => {
      expect(await differences(bench, file)).toEqual([]);
    },
    180_000,
  );
});

const withToken = requireTool('softhsm2-util') ? WITH_TOKEN : [];

test.each([ALONE, ...APART, ...withToken])(
  '%s happens as it is told, on a machine of its own',
  async (file) => {
    const bench = await openBench();
    try {
      expect(await differences(bench, file)).toEqual([]);
    } finally {
      bench.close();
    }
  },
  120_000,
);

describe('what the comparison sees', () => {
  test.each([
    ['Phase  done', 'Phase:  done', false],
    ['Phase done', 'Phase     done\n', true],
    ['ends 2026-11-21 06:53:06 +01:00', 'ends 2031-01-02 10:00:00 +02:00', true],
    ['expires in 364 days', 'expires in 3 days', true],
    ['expires in 364 days', 'expired 3 days ago', false],
    ['Plan: …\nPhase done', 'Plan: a\nb\nPhase done', true],
    ['Plan: …\nPhase done', 'Plan: a\nb\nPhase failed', false],
    ['3 servers', '4 servers', false],
    ['', 'an error', false],
  ])('%j against %j: %s', (shown, printed, same) => {
    expect(fits(shown, printed)).toBe(same);
  });

  test.each([
    [{ a: 1 }, { a: 2, b: 3 }, true],
    [{ a: 1 }, { b: 3 }, false],
    [{ a: 1 }, { a: '1' }, false],
    [{ a: [{ b: 'x' }] }, { a: [{ b: 'x' }, { b: 'y' }] }, true],
    [{ a: [{ b: 'x' }] }, { a: [] }, false],
    [{ a: null }, { a: null }, true],
    [{ state: 'future' }, { state: 'current' }, false],
  ])('JSON %j as a part of %j: %s', (shown, printed, part) => {
    expect(isPart(shown, printed)).toBe(part);
  });

  const chapter = '```console run\n$ echo a \\\n  b\nold\n$ false\n$ echo $?\n1\n```\n';

  test('commands that go on in the next line, and what they print', () => {
    expect(readSteps(chapter)).toMatchObject([
      { kind: 'command', line: 'echo a \\\n  b', shown: 'old' },
      { kind: 'command', line: 'false', shown: '' },
      { kind: 'command', line: 'echo $?', shown: '1' },
    ]);
  });

  test('what really came takes the place of what differs', async () => {
    const bench: Bench = {
      run: (line) => Promise.resolve({ status: line === 'false' ? 1 : 0, output: '1\n' }),
      prepare: () => Promise.resolve(),
      close: () => undefined,
    };
    const silent = chapter.replace('$ false\n', '$ false\n1\n');
    const found = await runSteps(bench, readSteps(silent));
    expect(found.map(({ step }) => step.shown)).toEqual(['old']);
    expect(mend(silent, found)).toBe(silent.replace('old', '1'));
  });

  test('a command that fails is seen, unless the text says so', async () => {
    const bench: Bench = {
      run: () => Promise.resolve({ status: 1, output: '' }),
      prepare: () => Promise.resolve(),
      close: () => undefined,
    };
    const [difference] = await runSteps(bench, readSteps('```console run\n$ false\n```\n'));
    expect(difference?.why).toBe('ended with 1');
  });
});
