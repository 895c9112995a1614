import { spawn, type ChildProcess } from 'node:child_process';
import { buildProgram, programEnvironment } from './built-program.js';

let built: string | undefined;

/** Built once for each test file. */
function program(): string {
  built ??= buildProgram().zmint;
  return built;
}

/** How a run of the built program ended, and how long it took. */
export interface TimedRun {
  /** Null: ended by a signal. */
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly out: string;
  readonly err: string;
  readonly ms: number;
}

export interface RunOptions {
  readonly environment?: NodeJS.ProcessEnv;
  /** Called right after the start. */
  readonly started?: (child: ChildProcess) => void;
  /** What is typed into standard input; it is empty otherwise. */
  readonly input?: string;
  readonly cwd?: string;
  /** Another copy of the program than the one that is built for this test file. */
  readonly program?: string;
  /** Words that stand before `node PROGRAM`. */
  readonly wrapper?: readonly string[];
}

/** Runs the built program without a terminal and waits for its end. */
export function zmint(words: readonly string[], options: RunOptions = {}): Promise<TimedRun> {
  const [file = '', ...args] = [
    ...(options.wrapper ?? []),
    process.execPath,
    options.program ?? program(),
    ...words,
  ];
  const begun = performance.now();
  const child = spawn(file, args, {
    env: { ...programEnvironment(), ...options.environment },
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const chunks = { out: [] as Buffer[], err: [] as Buffer[] };
  child.stdout.on('data', (chunk: Buffer) => chunks.out.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => chunks.err.push(chunk));
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.input ?? '');
  options.started?.(child);
  return new Promise((done, failed) => {
    child.on('error', failed);
    child.on('close', (status, signal) => {
      const out = Buffer.concat(chunks.out).toString('utf8');
      const err = Buffer.concat(chunks.err).toString('utf8');
      done({ status, signal, out, err, ms: performance.now() - begun });
    });
  });
}
