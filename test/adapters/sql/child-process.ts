import { execFileSync, spawn, type ChildProcessByStdio } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { afterEach } from '@jest/globals';
import { temporaryFolder } from '../../support/temporary-folder.js';
import { toolEnvironment } from '../../support/tools.js';

/** A second process of zmint's database code, and what it printed so far. */
export interface Child {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  readonly lines: () => readonly string[];
  readonly complaint: () => string;
  /** Its exit status, or the signal that ended it. */
  readonly ended: Promise<number | string>;
}

const running = new Set<Child['process']>();

afterEach(() => {
  for (const child of running) child.kill('SIGKILL');
});

const REPOSITORY = fileURLToPath(new URL('../../..', import.meta.url));

/** Bundles `child-program.ts` for plain Node; returns the path, readable by every user. */
export function bundleChild(): string {
  const folder = temporaryFolder();
  const bundle = join(folder, 'child.mjs');
  execFileSync(
    join(REPOSITORY, 'node_modules/.bin/esbuild'),
    [
      fileURLToPath(new URL('child-program.ts', import.meta.url)),
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--external:better-sqlite3',
      '--log-level=error',
      `--outfile=${bundle}`,
    ],
    { env: toolEnvironment() },
  );
  symlinkSync(join(REPOSITORY, 'node_modules'), join(folder, 'node_modules'));
  chmodSync(folder, 0o755);
  return bundle;
}

/** Starts the bundle; `limit` is the largest file that it may write, in blocks as `ulimit -f` counts. */
export function startChild(
  bundle: string,
  argv: readonly string[],
  options: { readonly uid?: number; readonly limit?: number } = {},
): Child {
  const { uid, limit } = options;
  const command = 'ulimit -f "$1"; shift; exec "$@"';
  const process_ = spawn(
    '/bin/sh',
    ['-c', command, 'sh', String(limit ?? 'unlimited'), process.execPath, bundle, ...argv],
    {
      env: toolEnvironment(),
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(uid === undefined ? {} : { uid, gid: uid }),
    },
  );
  running.add(process_);
  let [out, err] = ['', ''];
  process_.stdout.on('data', (data: Buffer) => (out += data.toString()));
  process_.stderr.on('data', (data: Buffer) => (err += data.toString()));
  return {
    process: process_,
    lines: () => out.split('\n').slice(0, -1),
    complaint: () => err,
    ended: new Promise((resolve) => {
      process_.on('close', (status, signal) => {
        running.delete(process_);
        resolve(status ?? signal ?? 'unknown');
      });
    }),
  };
}
