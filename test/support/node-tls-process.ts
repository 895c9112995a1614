import { spawn } from 'node:child_process';
import { freePort } from './free-port.js';
import type { NodeTlsServerOptions } from './node-tls-server.js';
import { tcpAnswers } from './tcp-answers.js';
import { toolEnvironment } from './tools.js';
import { waitUntil } from './wait-until.js';

/** An HTTPS server of node:https in a process of its own. */
export interface NodeTlsProcess {
  readonly port: number;
  /** `127.0.0.1:<port>`, as a probe address. */
  readonly target: string;
  readonly pid: number;
  /** A shell command that makes it read the folder again; a set that is no good changes nothing. */
  readonly reloadCommand: string;
  stop(): Promise<void>;
}

const SCRIPT = `
const { readFileSync } = require('node:fs');
const [live, port] = process.argv.slice(1);
const read = () => ({
  cert: readFileSync(live + '/server.cer'),
  key: readFileSync(live + '/key.pem'),
});
const server = require('node:https').createServer(read(), (_, response) => response.end('ok'));
process.on('SIGHUP', () => {
  try {
    server.setSecureContext(read());
  } catch (error) {
    process.stderr.write(String(error) + '\\n');
  }
});
server.listen(Number(port), '127.0.0.1');
`;

/** Starts it on 127.0.0.1, answering `ok` to every request; it works when the promise is kept. */
export async function startNodeTlsProcess(options: NodeTlsServerOptions): Promise<NodeTlsProcess> {
  const port = options.port ?? (await freePort());
  const child = spawn(process.execPath, ['-e', SCRIPT, '--', options.live, `${port}`], {
    stdio: 'ignore',
    env: { ...toolEnvironment(), NODE_OPTIONS: '' },
  });
  const { pid } = child;
  if (pid === undefined) throw new Error('node could not be started');
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  await waitUntil('the TLS server to listen', () => {
    if (child.exitCode !== null) throw new Error('the TLS server ended at once');
    return tcpAnswers(port);
  });
  return {
    port,
    target: `127.0.0.1:${port}`,
    pid,
    reloadCommand: `kill -HUP ${pid}`,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
