import { spawnSync } from 'node:child_process';

/**
 * Whether a program that a test needs is here. If not, it is said aloud, so that the test can be
 * skipped; with `CI` in the environment absence is an error.
 */
export function requireTool(name: string): boolean {
  const found = spawnSync('/bin/sh', ['-c', 'command -v "$1"', 'sh', name], {
    env: toolEnvironment(),
  });
  if (found.status === 0) return true;
  const ci = process.env.CI ?? '';
  if (ci !== '' && ci !== 'false')
    throw new Error(`${name} is not installed, and CI may not do without`);
  process.stderr.write(`SKIPPED: ${name} is not installed, so the tests that need it do not run\n`);
  return false;
}

/** The environment for tools: the folders of administrators are on the path, and no extra CA is trusted. */
export function toolEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    NODE_EXTRA_CA_CERTS: undefined,
    PATH: `${process.env.PATH ?? ''}:/usr/local/sbin:/usr/sbin:/sbin`,
    LC_ALL: 'C',
  };
}
