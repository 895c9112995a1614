import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import type { ReloadResult, Services } from '../../ports/services.js';
import type { Seconds } from '../../zone/instant.js';
import { errnoOf } from '../fs/file-error.js';
import { OutputTail } from './output-tail.js';
import { ProcessGroup } from './process-group.js';
import { serviceEnvironment } from './service-environment.js';

/** Between asking a command that took too long to end, and ending it. */
const TERM_GRACE_MS = 2000;
/** For the last output of a command whose shell has ended. */
const OUTPUT_GRACE_MS = 200;
const LONGEST_LIMIT: Seconds = 86_400;

/**
 * Runs reload commands by `/bin/sh -c` in `/`, each in a session and process group of its own (no
 * terminal can be asked), with the environment of `serviceEnvironment`. The result is given when
 * the shell ends: a daemon that the command left behind is not waited for, and its output is read
 * and dropped as long as zmint runs. At the limit the group gets TERM and, 2 seconds later, KILL.
 * A shell that cannot be started is a result too: exit code null, with the reason as its output.
 */
export function createServices(environment: NodeJS.ProcessEnv = process.env): Services {
  const reduced = serviceEnvironment(environment);
  return {
    reload: async (command, limit) => {
      try {
        return await run(start(command, reduced), limit);
      } catch (error) {
        const why = errnoOf(error) ?? 'no reason given';
        return {
          exitCode: null,
          timedOut: false,
          output: `the shell could not be started: ${why}`,
        };
      }
    },
  };
}

type Shell = ChildProcess & { readonly stdout: Readable; readonly stderr: Readable };

function start(command: string, environment: NodeJS.ProcessEnv): Shell {
  return spawn('/bin/sh', ['-c', command], {
    cwd: '/',
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function run(shell: Shell, limit: Seconds): Promise<ReloadResult> {
  const tail = new OutputTail();
  const outputs = [shell.stdout, shell.stderr];
  for (const output of outputs) {
    output.on('data', (chunk: Buffer) => {
      tail.add(chunk);
    });
  }
  const timeout = new TimeLimit(shell, limit);
  const exitCode = await exited(shell);
  await timeout.over();
  await drained(outputs);
  return {
    exitCode: timeout.passed ? null : exitCode,
    timedOut: timeout.passed,
    output: tail.text(),
  };
}

/** Ends the shell's whole group when the limit has passed. */
class TimeLimit {
  #ending: Promise<void> | undefined;
  readonly #timer: NodeJS.Timeout;

  constructor(shell: Shell, limit: Seconds) {
    this.#timer = setTimeout(
      () => {
        if (shell.pid !== undefined) this.#ending = new ProcessGroup(shell.pid).end(TERM_GRACE_MS);
      },
      Math.min(limit, LONGEST_LIMIT) * 1000,
    );
  }

  get passed(): boolean {
    return this.#ending !== undefined;
  }

  /** The shell has ended: stops the clock, or waits until the rest of the group is gone too. */
  async over(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#ending;
  }
}

function exited(shell: Shell): Promise<number | null> {
  return new Promise((resolve, reject) => {
    shell.once('exit', resolve);
    shell.once('error', reject);
  });
}

/**
 * What was written before the end is still to be read. A pipe that a daemon keeps open is left
 * open, so that a write to it does not kill the daemon, but no longer keeps this process alive.
 */
async function drained(outputs: readonly Readable[]): Promise<void> {
  const ended = outputs.map(
    (output) =>
      new Promise<void>((resolve) => {
        if (output.closed) resolve();
        else output.once('close', resolve);
      }),
  );
  let timer: NodeJS.Timeout | undefined;
  const grace = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, OUTPUT_GRACE_MS);
  });
  await Promise.race([Promise.all(ended), grace]);
  clearTimeout(timer);
  for (const output of outputs) {
    if (output instanceof Socket) output.unref();
  }
}
