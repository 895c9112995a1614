import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  closeSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createZone } from '../../bin/zone-access.js';
import { COMING } from '../../commands/coming.js';
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
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
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

/** Compiled code and pages hold no source of their own. */
function isCode(file: string): boolean {
  return !/\/(?:cache|pages)\/|package\.json$/u.test(file.slice(join(folder, 'dist').length));
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
  const own = files.filter((file) => file.startsWith(join(folder, 'dist/')) && isCode(file));
  const sources = own.flatMap((file) => inputsOf(file));
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
      expect(sources).toContain('bin/zmint.ts');
      expect(sources.filter((source) => HEAVY.test(source))).toEqual([]);
      expect(builtins.filter((builtin) => HEAVY_BUILTIN.test(builtin))).toEqual([]);
    },
  );

  test('the measurement sees what a command does load', () => {
    const { sources } = loadsOf(['cert', 'inspect', '-z']);
    expect(sources.some((source) => source.includes('node_modules/commander/'))).toBe(true);
  });

  test.each(['', 'ssl', ...lines])(
    'the page of "%s" is the same when it is made on the way',
    (line) => {
      const words = line === '' ? ['--help'] : [...line.split(' '), '--help'];
      const made = loadsOf([...words, '--json']);
      expect(made.sources).toContain('commands/cli/main.ts');
      expect({ text: loadsOf(words).out }).toEqual({
        text: (JSON.parse(made.out) as { readonly text: string }).text,
      });
    },
  );

  test('"zmint help" shows the same pages', () => {
    expect(loadsOf(['help']).out).toBe(loadsOf(['--help']).out);
    expect(loadsOf(['help', 'ssl', 'remint']).out).toBe(loadsOf(['ssl', 'remint', '--help']).out);
    expect(loadsOf(['help', 'server-list']).status).toBe(2);
  });
});

describe('what is read often', () => {
  const OTHERS =
    /node_modules\/(?!better-sqlite3)|src\/(?:x509\/trial|adapters\/(?:net|crypto\/(?:container|old)))/u;
  const OTHER_BUILTINS = /\btls\b|child_process|\bnet\b|worker_threads/u;
  let zone: readonly string[] = [];
  beforeAll(() => {
    zone = ['--zone', join(folder, 'often')];
    const server = ['--server', 'ca1', '--dns', 'ca1.example.com', '--no-passphrase', '--yes'];
    expect(loadsOf(['init', '--name', 'Often', ...server, ...zone]).status).toBe(0);
  });

  test.each([
    'status',
    'check',
    'check --warn 30 --crit 5',
    'ssl list',
    'ssl resume',
    'server list',
    'ca list',
    'ca show',
    'event list',
  ])('zmint %s loads neither prompts, parser, network nor keys of files', (line) => {
    const { status, out, sources, builtins } = loadsOf([...line.split(' '), ...zone]);
    expect({ status, printed: out !== '' }).toEqual({ status: 0, printed: true });
    expect(sources).toContain('src/adapters/sql/open-connection.ts');
    expect(sources.filter((source) => OTHERS.test(source))).toEqual([]);
    expect(builtins.filter((name) => OTHER_BUILTINS.test(name))).toEqual([]);
  });
});

describe('what is called all day', () => {
  const OTHERS =
    /commands\/(?:registry|cli\/(?:help|prompts|report-error|describe))|bin\/zmint\.ts|operations\/(?:init-zone|convert-container)/u;

  test.each(['status', 'check', 'ssl list', 'ssl resume', 'server list'])(
    'zmint %s knows no other command',
    (line) => {
      const { status, sources } = loadsOf([...line.split(' '), '--zone', join(folder, 'often')]);
      expect(status).toBe(0);
      expect(sources).toContain('commands/cli/main.ts');
      expect(sources.filter((source) => OTHERS.test(source))).toEqual([]);
    },
  );

  test('zmint check loads nothing that looks at folders of members', () => {
    const { sources } = loadsOf(['check', '--zone', join(folder, 'often')]);
    expect(
      sources.filter((source) => /fs\/(?:live-links|safe-folders|zone-folder)/u.test(source)),
    ).toEqual([]);
  });

  test('tells what is wrong as all others do', () => {
    const { status, sources } = loadsOf(['status', '--no-such-option']);
    expect(status).toBe(2);
    expect(sources).toContain('commands/cli/report-error.ts');
  });
});

describe('compiled code', () => {
  const cache = () => join(folder, 'dist/cache');
  const cached = () => {
    const [own = ''] = readdirSync(cache());
    return readdirSync(join(cache(), own)).map((name) => join(cache(), own, name));
  };
  const inspect = () => loadsOf(['ca', 'export', '--zone', join(folder, 'none')]);

  test('is kept beside the program, for everybody to read', () => {
    rmSync(cache(), { recursive: true, force: true });
    const first = inspect();
    const files = cached();
    expect(files.map((file) => statSync(file).mode & 0o777)).toEqual(files.map(() => 0o644));
    expect(files.length).toBeGreaterThan(0);
    const times = files.map((file) => statSync(file).mtimeMs);
    expect(inspect()).toMatchObject({ status: first.status, out: first.out });
    expect(files.map((file) => statSync(file).mtimeMs)).toEqual(times);
  });

  test('is not used when it was altered, and made again', () => {
    const { status } = inspect();
    const whole = cached().map((file) => ({ file, bytes: readFileSync(file) }));
    for (const { file, bytes } of whole) {
      const bent = Buffer.from(bytes);
      const middle = Math.floor(bent.length / 2);
      bent[middle] = (bent[middle] ?? 0) ^ 1;
      writeFileSync(file, bent);
    }
    expect(inspect().status).toBe(status);
    for (const { file, bytes } of whole) {
      const again = readFileSync(file);
      expect(again.length).toBeGreaterThan(bytes.length / 2);
      expect(inspect().status).toBe(status);
    }
  });

  test('is done without where it cannot be kept', () => {
    const { status } = inspect();
    rmSync(cache(), { recursive: true, force: true });
    writeFileSync(cache(), 'no folder');
    expect(inspect().status).toBe(status);
    expect(readFileSync(cache(), 'utf8')).toBe('no folder');
    rmSync(cache());
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
    [(COMING[0]?.name ?? 'none').split(' '), 50],
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
    const zoneHome = join(folder, 'zone');
    const other = await createZone({
      zoneHome,
      command: 'init',
      progress: { report: () => undefined },
      passphrase: { fd: undefined, file: undefined, ask: () => Promise.reject(new Error('no')) },
      pin: { fd: undefined, file: undefined, ask: () => Promise.reject(new Error('no')) },
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
