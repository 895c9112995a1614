import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.js';
import { tcpAnswers } from './tcp-answers.js';
import { temporaryFolder } from './temporary-folder.js';
import { toolEnvironment } from './tools.js';
import { waitUntil } from './wait-until.js';

export interface NginxOptions {
  /** A folder, or a link to one, with `server.cer` and `key.pem`. */
  readonly live: string;
  readonly port?: number;
  /** Further lines of its server. */
  readonly more?: string;
}

/** A real nginx of its own; its configuration is never edited after the start. */
export interface Nginx {
  readonly port: number;
  /** `127.0.0.1:<port>`, as a probe address. */
  readonly target: string;
  /** Of the master process. */
  readonly pid: number;
  /** Its configuration file. */
  readonly config: string;
  /** A shell command; nginx takes the new files a moment after it has returned. */
  readonly reloadCommand: string;
  /** What it wrote to its error log. */
  log(): string;
  stop(): Promise<void>;
}

/** Starts nginx on 127.0.0.1, answering `ok` to every request; it works when the promise is kept. */
export async function startNginx(options: NginxOptions): Promise<Nginx> {
  const folder = temporaryFolder();
  const port = options.port ?? (await freePort());
  const log = join(folder, 'error.log');
  const config = join(folder, 'nginx.conf');
  mkdirSync(join(folder, 'temp'));
  writeFileSync(config, configuration(folder, port, options));
  writeFileSync(log, '');
  const master = spawn('nginx', ['-p', folder, '-c', config, '-e', log], {
    stdio: 'ignore',
    env: toolEnvironment(),
  });
  const ended = new Promise<void>((resolve) => {
    master.once('exit', () => {
      resolve();
    });
    master.once('error', () => {
      resolve();
    });
  });
  const readLog = (): string => readFileSync(log, 'utf8');
  const { pid } = master;
  if (pid === undefined) throw new Error('nginx could not be started');
  await waitUntil('nginx to listen', async () => {
    if (master.exitCode !== null) throw new Error(`nginx ended at once: ${readLog()}`);
    return tcpAnswers(port);
  });
  return {
    port,
    target: `127.0.0.1:${port}`,
    pid,
    config,
    reloadCommand: `kill -HUP ${pid}`,
    log: readLog,
    stop: async () => {
      master.kill('SIGTERM');
      await ended;
    },
  };
}

function configuration(folder: string, port: number, { live, more = '' }: NginxOptions): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
    .map((kind) => `${kind}_temp_path ${folder}/temp/${kind};`)
    .join('\n  ');
  return `${process.geteuid?.() === 0 ? 'user root;' : ''}
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log notice;
events {}
http {
  access_log off;
  ${temporary}
  server {
    listen 127.0.0.1:${port} ssl;
    ssl_certificate ${live}/server.cer;
    ssl_certificate_key ${live}/key.pem;
    ${more}
    return 200 "ok";
  }
}
`;
}
