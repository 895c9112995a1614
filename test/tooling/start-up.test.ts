import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createZone } from '../../bin/zone-access.js';
import { REGISTRY } from '../../commands/registry.js';
import { toolEnvironment } from '../support/tools.js';

const TOOLING = resolve(process.cwd(), 'test/tooling');
const environment = toolEnvironment();
let folder = '';
let zmint = '';
let inputsOf: (file: string) => readonly string[] = () => [];

interface Metafile {
  readonly outputs: Readonly<
    Record<string, { readonly inputs: Readonly<Record<string, unknown>> }>
  >;
}

beforeAll(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'zmint-built-')));
  zmint = join(folder, 'dist/zmint.js');
  const metafile = join(folder, 'meta.json');
  execFileSync(process.execPath, [join(TOOLING, 'build.mjs'), join(folder, 'dist'), metafile]);
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  const { outputs } = JSON.parse(readFileSync(metafile, 'utf8')) as Metafile;
  const byFile = new Map(
    Object.entries(outputs).map(([path, { inputs }]) => [resolve(path), Object.keys(inputs)]),
  );
  inputsOf = (file) => byFile.get(file) ?? [`(not built) ${file}`];
});

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Loads {
  readonly status: number | null;
  readonly out: string;
  /** Source files that are part of what was loaded, packages and built-in modules. */
  readonly sources: readonly string[];
  readonly builtins: readonly string[];
}

function loadsOf(words: readonly string[]): Loads {
  const report = join(folder, 'loads.json');
  const preload = pathToFileURL(join(TOOLING, 'list-loads.mjs')).href;
  const { status, stdout } = spawnSync(process.execPath, ['--import', preload, zmint, ...words], {
    env: { ...environment, ZMINT_LOADS: report },
    encoding: 'utf8',
  });
  const { files, builtins } = JSON.parse(readFileSync(report, 'utf8')) as {
    readonly files: readonly string[];
    readonly builtins: readonly string[];
  };
  const sources = files.flatMap((url) => inputsOf(fileURLToPath(url)));
  return { status, out: stdout, sources, builtins };
}

// The parser of addresses is needed to read options, and needs nothing itself.
const HEAVY =
  /better-sqlite3|inquirer|@peculiar|commander|chalk|src\/(adapters|operations|x509\/(?!ip-address))/u;
const HEAVY_BUILTIN = /crypto|\btls\b|child_process/u;

describe('what help loads', () => {
  const lines = REGISTRY.filter((entry) => entry.kind === 'ready').map((entry) => entry.name);
  test.each(['--help', '--version', 'ssl --help', ...lines.map((name) => `${name} --help`)])(
    'zmint %s loads neither crypto, database, prompts nor parser',
    (line) => {
      const { status, out, sources, builtins } = loadsOf(line.split(' '));
      expect(status).toBe(0);
      expect(out).not.toBe('');
      expect(sources).toContain('commands/cli/main.ts');
      expect(sources.filter((source) => HEAVY.test(source))).toEqual([]);
      expect(builtins.filter((builtin) => HEAVY_BUILTIN.test(builtin))).toEqual([]);
    },
  );

  test('the measurement sees what a command does load', () => {
    const { sources } = loadsOf(['completion', 'bash']);
    expect(sources.some((source) => source.includes('node_modules/commander/'))).toBe(true);
  });
});

describe('the built program', () => {
  const run = (...words: readonly string[]) =>
    spawnSync(zmint, words, { env: environment, encoding: 'utf8' });

  test('starts by its own name', () => {
    const version = (JSON.parse(readFileSync('package.json', 'utf8')) as { version: string })
      .version;
    expect(run('--version')).toMatchObject({ status: 0, stdout: `zmint ${version}\n`, stderr: '' });
  });

  test.each([
    [['hlep'], 2],
    [['ca', 'move', 'web1'], 50],
    [['help', '--no-such-option'], 2],
  ])('zmint %j ends with %d and nothing on standard output', (words, status) => {
    expect(run(...words)).toMatchObject({ status, stdout: '' });
  });

  test('a reader that goes away is no error', () => {
    const line = `"$0" --help | true; echo "\${PIPESTATUS[0]}"`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line, zmint], {
      env: environment,
      encoding: 'utf8',
    });
    expect({ stdout, stderr }).toEqual({ stdout: '0\n', stderr: '' });
  });

  test('everything is written to a pipe that is full and does not block', () => {
    const script = join(folder, 'write.mjs');
    execFileSync(resolve('node_modules/.bin/esbuild'), [
      resolve('bin/descriptor-output.ts'),
      '--bundle',
      '--platform=node',
      '--format=esm',
      '--log-level=error',
      `--outfile=${script}`,
    ]);
    const use = "descriptorOutput(1).write('0123456789abcdef'.repeat(65536));";
    writeFileSync(script, `${readFileSync(script, 'utf8')}\n${use}\n`);
    // The first program makes the pipe non-blocking for all that share it, as long as it runs.
    const line = `{ "$0" -e 'process.stdout; setTimeout(() => {}, 1500)' & sleep 0.5; "$0" "$1"; wait; } | { sleep 1; wc -c; }`;
    const { stdout, stderr } = spawnSync('bash', ['-c', line, process.execPath, script], {
      env: environment,
      encoding: 'utf8',
    });
    expect({ stdout: stdout.trim(), stderr }).toEqual({ stdout: '1048576', stderr: '' });
  });

  test('an interrupt while it waits for another writer ends it with 130', async () => {
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
    const zoneHome = join(folder, 'zone');
    const other = await createZone({
      zoneHome,
      command: 'init',
      progress: { report: () => undefined },
      passphrase: { fd: undefined, file: undefined, ask: () => Promise.reject(new Error('no')) },
    });
    const words = ['server', 'add', 'web1', '--dns', 'web1.example.com', '--yes', '--json'];
    const child = spawn(zmint, [...words, '--zone', zoneHome], { env: environment });
    const printed: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => printed.push(chunk));
    const ended = new Promise((done) => child.once('close', done));
    await new Promise((done) => setTimeout(done, 1000));
    expect(child.exitCode).toBeNull();
    child.kill('SIGINT');
    expect(await ended).toBe(130);
    expect(JSON.parse(Buffer.concat(printed).toString())).toMatchObject({
      schema: 'zmint.error/1',
      code: 'interrupted',
    });
    other.close();
  });

  test('a full disk under standard output is told, not hidden', () => {
    const full = openSync('/dev/full', 'w');
    try {
      const { status } = spawnSync(zmint, ['--help'], {
        env: environment,
        stdio: [0, full, 'pipe'],
      });
      expect(status).not.toBe(0);
    } finally {
      closeSync(full);
    }
  });
});
