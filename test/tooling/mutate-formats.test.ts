import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { requireTool, toolEnvironment } from '../support/tools.js';

const openssl = requireTool('openssl') ? test : test.skip;

interface Figures {
  readonly runs: number;
  readonly read: number;
  readonly failures: readonly unknown[];
  readonly peakMiB: number;
}

openssl(
  'four thousand mutated files are read or refused, in time and in words',
  () => {
    const tool = 'test/tooling/mutate-formats.mjs';
    const ran = spawnSync(process.execPath, [tool, '--runs', '4000', '--seed', '7'], {
      env: toolEnvironment(),
      encoding: 'utf8',
    });
    const figures = JSON.parse(ran.stdout) as Figures;
    expect(figures.failures).toEqual([]);
    expect(figures.runs).toBe(4000);
    expect(figures.read).toBeGreaterThan(100);
    expect(figures.peakMiB).toBeLessThan(256);
    expect(ran.status).toBe(0);
  },
  180_000,
);
