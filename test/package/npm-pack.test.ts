import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, expect, test } from '@jest/globals';
import { programEnvironment } from '../support/built-program.js';
import { temporaryFolder } from '../support/temporary-folder.js';

/** Compiling SQLite lasts two minutes on a machine that does nothing else. */
const LONG_MS = 600_000;
const ADDON = 'node_modules/better-sqlite3/build/Release/better_sqlite3.node';
const { CI = '' } = process.env;
const compiles = CI !== '' && CI !== 'false';

interface Packed {
  readonly filename: string;
  readonly unpackedSize: number;
  readonly files: readonly { readonly path: string }[];
}

let packed: Packed;
let prefix: string;

/** As npm finds it when a person calls it: nothing of the npm that runs these tests. */
function npmEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !/^npm_/iu.test(name));
  return Object.fromEntries(kept);
}

function npm(folder: string, ...words: readonly string[]): string {
  const options = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel', 'error'];
  return execFileSync('npm', [...words, ...options], {
    cwd: folder,
    env: npmEnvironment(),
    encoding: 'utf8',
    timeout: LONG_MS,
  });
}

/** Packs a copy of the sources, as a clone has them, so that nobody's dist/ is touched. */
function pack(folder: string): Packed {
  const copied = ['bin', 'commands', 'docs', 'src', 'test', 'package.json', 'LICENSE', 'README.md'];
  for (const name of copied.filter((one) => existsSync(one))) {
    cpSync(name, join(folder, name), { recursive: true });
  }
  symlinkSync(resolve('node_modules'), join(folder, 'node_modules'));
  const output = npm(folder, 'pack', '--json');
  const [only] = JSON.parse(output.slice(output.indexOf('['))) as readonly Packed[];
  if (only === undefined) throw new Error(`npm pack said ${output}`);
  return only;
}

/** Puts the package under the prefix; without `CI` with the addon that these tests use anyway. */
function install(tarball: string): void {
  const how = compiles ? [] : ['--ignore-scripts'];
  npm(prefix, 'install', '--global', '--prefix', prefix, ...how, tarball);
  if (compiles) return;
  process.stderr.write('npm-pack: SQLite is not compiled again; with CI=true it is\n');
  const nested = join(prefix, 'lib/node_modules/zmint', ADDON);
  mkdirSync(resolve(nested, '..'), { recursive: true });
  cpSync(ADDON, nested);
}

function zmint(...words: readonly string[]): string {
  return execFileSync(join(prefix, 'bin/zmint'), words, {
    cwd: prefix,
    env: programEnvironment(),
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

beforeAll(() => {
  const folder = temporaryFolder();
  prefix = temporaryFolder();
  packed = pack(folder);
  install(join(folder, packed.filename));
}, LONG_MS);

test('the package holds the program and its documents, nothing else', () => {
  const paths = packed.files.map(({ path }) => path);
  expect(paths).toEqual(
    expect.arrayContaining(['LICENSE', 'dist/THIRD-PARTY.txt', 'dist/zmint.js', 'package.json']),
  );
  const expected =
    /^(?:LICENSE|README\.md|package\.json|dist\/(?:(?:packages|parts\/[0-9a-f]{16})\/)?[\w-]+\.js|dist\/package\.json|dist\/pages\/[\w-]+\.txt|dist\/THIRD-PARTY\.txt|docs\/(?:\w+\/)?[\w-]+\.(?:md|mjs))$/u;
  expect(paths.filter((path) => !expected.test(path))).toEqual([]);
  expect(packed.unpackedSize).toBeLessThan(8_000_000);
});

test('what is installed is zmint on the path, with its version', () => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  expect(zmint('--version')).toContain(version);
});

test('it makes a zone and shows it', () => {
  const zone = ['--zone', join(temporaryFolder(), 'zone')];
  const server = ['--server', 'ca1', '--dns', 'ca1.example.com', '--no-passphrase', '--yes'];
  zmint('init', '--name', 'Packed', ...server, ...zone);
  expect(zmint('status', ...zone)).toContain('Zone Packed');
  expect(JSON.parse(zmint('status', '--json', ...zone))).toMatchObject({
    schema: 'zmint.status/1',
    zone: { name: 'Packed' },
  });
});
