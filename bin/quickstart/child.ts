import { fork, type ChildProcess } from 'node:child_process';

/** A process of the quickstart that answers each message with one. */
export interface Child {
  readonly pid: number;
  /** Sends a message, returns the answer. Throws what the child says is wrong, or that it has ended. */
  ask(message: object): Promise<unknown>;
  /** Ends it, when it has not ended by itself; it has gone when the promise is kept. */
  stop(): Promise<void>;
}

/**
 * Starts the program again with other words. It ends when this process does, however that ends,
 * since the channel between them is closed then. Its first message says that it is ready.
 */
export async function startChild(
  program: string,
  words: readonly string[],
): Promise<{ readonly child: Child; readonly greeting: unknown }> {
  // Clients trust exactly one root; reading more of them would only take time.
  const env = { ...process.env, NODE_EXTRA_CA_CERTS: undefined };
  const forked = fork(program, words, { env, execArgv: [], stdio: ['ignore', 'ignore', 2, 'ipc'] });
  running.add(forked);
  const ended = new Promise<void>((resolve) => {
    const end = (): void => {
      running.delete(forked);
      resolve();
    };
    forked.once('exit', end);
    forked.once('error', end);
  });
  const greeting = await nextMessage(forked);
  const child: Child = {
    pid: forked.pid ?? 0,
    ask: (message) => {
      const answer = nextMessage(forked);
      forked.send(message);
      return answer;
    },
    stop: async () => {
      forked.kill('SIGKILL');
      await ended;
    },
  };
  return { child, greeting };
}

const running = new Set<ChildProcess>();

/** Ends every process that was started, without waiting. */
export function killChildren(): void {
  for (const child of running) child.kill('SIGKILL');
}

function nextMessage(forked: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const settle = (then: () => void) => (): void => {
      forked.off('message', onMessage);
      forked.off('exit', onEnd);
      forked.off('error', onEnd);
      then();
    };
    const onMessage = (message: unknown): void => {
      const problem = problemOf(message);
      settle(() => {
        if (problem === undefined) resolve(message);
        else reject(new Error(problem));
      })();
    };
    const onEnd = settle(() => {
      reject(new Error('a process of the quickstart ended before its time'));
    });
    forked.on('message', onMessage);
    forked.on('exit', onEnd);
    forked.on('error', onEnd);
  });
}

function problemOf(message: unknown): string | undefined {
  return typeof message === 'object' && message !== null && 'problem' in message
    ? String(message.problem)
    : undefined;
}
