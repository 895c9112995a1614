import { execFile, execFileSync } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';

/** What a run of the program left behind. */
export interface ProgramRun {
  /** Its exit status; -1 when a signal ended it. */
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** What zmint is as a person gets it: one folder with two programs. */
export interface BuiltProgram {
  readonly zmint: string;
  readonly quickstart: string;
  /** Runs `zmint` with these words in a process of its own, with nobody to ask. */
  readonly run: (...words: readonly string[]) => Promise<ProgramRun>;
}

const BUILD = resolve('test/tooling/build.mjs');
const LONGEST_MS = 120_000;

/** Builds the program from the sources into a temporary folder. */
export function buildProgram(): BuiltProgram {
  const folder = temporaryFolder();
  const environment = programEnvironment();
  execFileSync(process.execPath, [BUILD, join(folder, 'dist')], {
    env: environment,
    stdio: 'pipe',
  });
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const zmint = join(folder, 'dist/zmint.js');
  const run = (...words: readonly string[]): Promise<ProgramRun> =>
    new Promise((done) => {
      execFile(
        process.execPath,
        [zmint, ...words],
        { env: environment, timeout: LONGEST_MS, maxBuffer: 2 ** 26 },
        (error, stdout, stderr) => {
          const status = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
          done({ status, stdout, stderr });
        },
      ).stdin?.end();
    });
  return { zmint, quickstart: join(folder, 'dist/quickstart.js'), run };
}

/** No colours, no zone, no options of Node that a person would not have. */
export function programEnvironment(): NodeJS.ProcessEnv {
  return { ...toolEnvironment(), NO_COLOR: '1', NODE_OPTIONS: undefined, ZMINT_ZONE: undefined };
}
