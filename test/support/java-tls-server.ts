import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { toolEnvironment } from './tools.js';

/** A running Java server; `kill -HUP` makes it read its keystore again. */
export interface JavaTlsServer {
  readonly port: number;
  readonly pid: number;
  /** What it wrote to standard error. */
  readonly complaints: () => string;
  readonly hasEnded: () => boolean;
  readonly stop: () => Promise<void>;
}

/** Starts `TlsServer.java` with a keystore, and waits until it listens. */
export async function startJavaTlsServer(keystore: string): Promise<JavaTlsServer> {
  const program = resolve('test/support/TlsServer.java');
  const child = spawn('java', [program, keystore], {
    env: toolEnvironment(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.on('data', (chunk: Buffer) => {
    complaints += chunk.toString();
  });
  const port = Number(await firstLine(child, () => complaints));
  return {
    port,
    pid: child.pid ?? 0,
    complaints: () => complaints,
    hasEnded: () => child.exitCode !== null || child.signalCode !== null,
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function firstLine(child: ChildProcess, complaints: () => string): Promise<string> {
  const ended = once(child, 'exit').then(() => {
    throw new Error(`the Java server ended: ${complaints()}`);
  });
  const said = once(child.stdout ?? child, 'data').then(([chunk]) => String(chunk).trim());
  return Promise.race([said, ended]);
}
