// The machine on which the chapters of the guide are run: a temporary folder that stands for
// /var/opt/zmint, /srv, /etc/zmint and the home; TLS servers on 127.0.0.1 that stand for
// NAME.example.com:443; a systemctl that reloads them.
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { existsSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const TOOLING = dirname(fileURLToPath(import.meta.url));
const ROOT = resolve(TOOLING, '../..');
const PLACES = [
  ['/var/opt/zmint', 'zone'],
  ['/etc/zmint', 'etc'],
  ['/srv', 'srv'],
  ['/root', 'home'],
  ['/usr/local/sbin', 'bin'],
];
const HOST = /\b([a-z][a-z0-9-]*)\.example\.com:443\b/gu;
const UNITS = { d: 86_400, h: 3600, m: 60 };
const LONGEST_MS = 120_000;

/** Builds zmint and makes the machine. */
export async function openBench() {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'zmg-')));
  for (const name of ['run', 'state', ...PLACES.slice(1).map(([, each]) => each)]) {
    mkdirSync(join(folder, name), { mode: 0o700 });
  }
  execFileSync(process.execPath, [join(TOOLING, 'build.mjs'), join(folder, 'dist')], {
    stdio: 'pipe',
  });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const bench = new Bench(folder);
  bench.writePrograms();
  return bench;
}

class Bench {
  #folder;
  #environment;
  #ports = new Map();
  #last = 0;

  constructor(folder) {
    this.#folder = folder;
    this.#environment = {
      ...process.env,
      PATH: `${folder}/bin:${process.env.PATH}:/usr/sbin:/sbin`,
      ZMINT_ZONE: `${folder}/zone`,
      XDG_STATE_HOME: `${folder}/state`,
      HOME: `${folder}/home`,
      RUN: `${folder}/run`,
      SOFTHSM2_CONF: `${folder}/home/softhsm2.conf`,
      NO_COLOR: '1',
      TZ: 'Europe/Berlin',
      NODE_OPTIONS: undefined,
      NODE_EXTRA_CA_CERTS: undefined,
      CREDENTIALS_DIRECTORY: undefined,
    };
  }

  writePrograms() {
    const clock = pathToFileURL(join(TOOLING, 'guide-clock.mjs')).href;
    const node = `"${process.execPath}"`;
    this.#program(
      'zmint',
      `exec ${node} \${ZMINT_GUIDE_SHIFT:+--import=${clock}} "${this.#folder}/dist/zmint.js" "$@"`,
    );
    const run = `${this.#folder}/run`;
    this.#program(
      'systemctl',
      `if [ -e "${run}/$2.broken" ]; then echo "Job for $2.service failed."; exit 1; fi
for file in "${run}/$2".*.pid; do if [ -e "$file" ]; then kill -HUP "$(cat "$file")"; fi; done`,
    );
  }

  #program(name, text) {
    writeFileSync(join(this.#folder, 'bin', name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  }

  /** Runs one command line as a shell would; what both streams showed, with the guide's names. */
  async run(line) {
    const assigned = /^export (\w+)=(.*)$/u.exec(line);
    if (assigned !== null) {
      const { output } = await this.#shell(`printf %s ${await this.#inward(assigned[2])}`);
      this.#environment[assigned[1]] = output;
      return { status: 0, output: '' };
    }
    const { status, output } = await this.#shell(
      `(exit ${this.#last}); ${await this.#inward(line)}`,
    );
    this.#last = status;
    return { status, output: this.#outward(output) };
  }

  /** A step that readers do not see: `site NAME UNIT`, `clock +400d`, or a shell command. */
  async prepare(line) {
    const [word, first = '', second = ''] = line.split(' ');
    if (word === 'site') return this.#startSite(first, second);
    if (word === 'clock') {
      const [, number, unit] = /^\+(\d+)([dhm])$/u.exec(first);
      this.#environment.ZMINT_GUIDE_SHIFT = String(Number(number) * UNITS[unit]);
      return undefined;
    }
    const { status, output } = await this.#shell(await this.#inward(line));
    if (status !== 0) throw new Error(`${line}: ${status}: ${output}`);
    return undefined;
  }

  async #startSite(name, unit) {
    const pidFile = join(this.#folder, 'run', `${unit}.${name}.pid`);
    const live = join(this.#folder, 'zone/servers', name, 'security/live');
    const port = await this.#port(name);
    const child = spawn(
      process.execPath,
      [join(TOOLING, 'guide-server.mjs'), live, String(port), pidFile],
      { stdio: 'ignore', env: { ...this.#environment, NODE_OPTIONS: undefined } },
    );
    child.unref();
    for (let tries = 0; !existsSync(pidFile); tries += 1) {
      if (tries > 200) throw new Error(`the server ${name} does not start`);
      await new Promise((done) => setTimeout(done, 50));
    }
  }

  async #inward(line) {
    let text = line;
    for (const [shown, real] of PLACES) {
      text = text.replaceAll(
        new RegExp(`(?<![\\w/])${shown}(?=[/\\s"']|$)`, 'gu'),
        `${this.#folder}/${real}`,
      );
    }
    for (const [, name] of text.matchAll(HOST)) await this.#port(name);
    return text.replaceAll(HOST, (_, name) => `127.0.0.1:${this.#ports.get(name)}`);
  }

  #outward(output) {
    let text = output;
    for (const [shown, real] of PLACES) text = text.replaceAll(`${this.#folder}/${real}`, shown);
    for (const [name, port] of this.#ports) {
      text = text.replaceAll(`127.0.0.1:${port}`, `${name}.example.com:443`);
    }
    return text;
  }

  async #port(name) {
    if (!this.#ports.has(name)) this.#ports.set(name, await freePort());
    return this.#ports.get(name);
  }

  #shell(text) {
    return new Promise((done, failed) => {
      const child = spawn('bash', ['-c', `exec 2>&1; ${text}`], {
        cwd: join(this.#folder, 'home'),
        env: this.#environment,
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: LONGEST_MS,
      });
      const printed = [];
      child.stdout.on('data', (chunk) => printed.push(chunk));
      child.once('error', failed);
      child.once('close', (code) =>
        done({ status: code ?? -1, output: Buffer.concat(printed).toString('utf8') }),
      );
    });
  }

  /** Ends the servers and removes the folder. */
  close() {
    const run = join(this.#folder, 'run');
    for (const name of readdirSync(run).filter((each) => each.endsWith('.pid'))) {
      try {
        process.kill(Number(readFileSync(join(run, name), 'utf8')), 'SIGTERM');
      } catch (error) {
        if (error.code !== 'ESRCH') throw error;
      }
    }
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 50 });
  }
}

function freePort() {
  return new Promise((done, failed) => {
    const server = createServer().once('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
