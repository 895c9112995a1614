// Reads and inspects mutated files of every format and fails when one crashes, takes over a second of
// processor time or shows a raw control character.
//   node test/tooling/mutate-formats.mjs [--runs N] [--seed S]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { directImports } from './direct-imports.mjs';

const ROOT = resolve(fileURLToPath(import.meta.url), '../../..');
const LIMIT_MS = 1000;
const CONTROLS = /[\0-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/u;
const NOW = Date.UTC(2026, 10, 21) / 1000;
/** One in so many runs has the passphrase, which costs the work of the derivation. */
const OPENED_EVERY = 25;
const PASSPHRASE = new TextEncoder().encode('open sesame');
const BOUNDARIES = [0x00, 0x01, 0x30, 0x31, 0x7f, 0x80, 0x81, 0x82, 0x84, 0x88, 0xa0, 0xff];

const runs = option('--runs', 200_000);
const seed = option('--seed', 1);
const random = generator(seed);
const folder = mkdtempSync(join(tmpdir(), 'zmint-mutants-'));
try {
  const library = await loadLibrary();
  const seeds = makeSeeds();
  const figures = await mutate(library, seeds);
  console.log(JSON.stringify(figures, null, 2));
  process.exitCode = figures.failures.length === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function option(name, preset) {
  const at = process.argv.indexOf(name);
  return at === -1 ? preset : Number(process.argv[at + 1]);
}

/** mulberry32: the same mutants for the same seed. */
function generator(start) {
  let state = start >>> 0;
  return (below) => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

async function loadLibrary() {
  const outfile = join(folder, 'library.mjs');
  await build({
    absWorkingDir: ROOT,
    stdin: {
      contents: `export { createFormatContext } from './bin/format-context.js';
        export { convertContainer, inspectContainer, readContainer } from './src/index.js';
        export { renderInspection } from './commands/cert/inspect-view.js';
        export { inspectionJson } from './commands/cert/inspect-json.js';
        export { jsonText } from './commands/cli/json-text.js';
        export { PLAIN } from './commands/cli/style.js';
        export { ZmintError } from './src/errors.js';`,
      resolveDir: ROOT,
      loader: 'ts',
    },
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    banner: {
      js: "import { createRequire as zr } from 'node:module';const require=zr(import.meta.url);",
    },
    plugins: [directImports(ROOT)],
  });
  return import(pathToFileURL(outfile).href);
}

function makeSeeds() {
  const env = { ...process.env, LC_ALL: 'C' };
  const make = (script) =>
    execFileSync('sh', [join(ROOT, 'test/support', script)], { cwd: folder, env, stdio: 'pipe' });
  make('make-formats.sh');
  try {
    make('make-java-formats.sh');
  } catch {
    console.error('SKIPPED: keytool is not here, so no Java keystores are mutated');
  }
  const skipped = /\.(?:ext|cnf|sh|txt|mjs|attr|old)$|^(?:ext|index|crlnumber)/u;
  return readdirSync(folder)
    .filter((name) => !skipped.test(name))
    .map((name) => ({ name, bytes: new Uint8Array(readFileSync(join(folder, name))) }));
}

async function mutate(library, seeds) {
  const ctx = library.createFormatContext();
  const figures = { runs, seed, seeds: seeds.length, read: 0, refused: {}, failures: [] };
  const started = performance.now();
  let slowest = 0;
  for (let run = 0; run < runs; run += 1) {
    const { name, bytes } = seeds[random(seeds.length)];
    const mutant = mutantOf(bytes, seeds);
    const begin = process.cpuUsage();
    // JCEKS of Java takes a million rounds of MD5 and more.
    const opened = run % OPENED_EVERY === 0 && !name.endsWith('.JCEKS');
    const passphrases = opened ? [PASSPHRASE] : [];
    const failure = await judge({ library, ctx, figures }, mutant, passphrases);
    const took = processorMs(begin);
    slowest = Math.max(slowest, took);
    if (failure !== undefined) figures.failures.push({ run, name, failure });
    if (took > LIMIT_MS) figures.failures.push({ run, name, failure: `took ${took} ms` });
  }
  const seconds = (performance.now() - started) / 1000;
  return {
    ...figures,
    slowestMs: Math.round(slowest),
    seconds: Math.round(seconds),
    perSecond: Math.round(runs / seconds),
    peakMiB: Math.round(process.resourceUsage().maxRSS / 1024),
  };
}

/** Of the processor, all threads: other work on the machine does not count. */
function processorMs(begin) {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

async function judge({ library, ctx, figures }, bytes, passphrases) {
  try {
    const request = { bytes, name: 'mutant', passphrases, tolerant: true };
    const container = await library.readContainer(ctx, request);
    const inspection = library.inspectContainer(ctx, container, NOW);
    const surface = { width: 80, style: library.PLAIN };
    const text = library.renderInspection('mutant', inspection, surface);
    const json = library.jsonText(library.inspectionJson('mutant', inspection), false);
    figures.read += 1;
    const { items } = container;
    const how = { items, alias: undefined, legacy: false, passphrase: null, now: NOW };
    for (const to of ['pem', 'der', 'p7b']) await convert(library, ctx, { ...how, to });
    if (CONTROLS.test(text) || CONTROLS.test(json)) return 'a raw control character is shown';
    return undefined;
  } catch (error) {
    if (!(error instanceof library.ZmintError) || error.code === 'bug') {
      return error instanceof Error ? (error.stack ?? error.message) : String(error);
    }
    figures.refused[error.code] = (figures.refused[error.code] ?? 0) + 1;
    return undefined;
  }
}

async function convert(library, ctx, conversion) {
  try {
    await library.convertContainer(ctx, conversion);
  } catch (error) {
    if (!(error instanceof library.ZmintError) || error.code === 'bug') throw error;
  }
}

/** Half of the mutants of PEM are bent inside of the base64, where it hurts. */
function mutantOf(bytes, seeds) {
  const text = Buffer.from(bytes).toString('latin1');
  const block = /-----BEGIN ([A-Z0-9 ]+)-----\n([A-Za-z0-9+/=\n]+)-----END/u.exec(text);
  if (block === null || random(2) === 0) return bend(bytes, seeds);
  const der = bend(new Uint8Array(Buffer.from(block[2], 'base64')), seeds);
  const lines = Buffer.from(der).toString('base64').replace(/.{64}/gu, '$&\n');
  return new Uint8Array(Buffer.from(text.replace(block[2], `${lines}\n`), 'latin1'));
}

function bend(original, seeds) {
  let bytes = Buffer.from(original);
  for (let count = 1 + random(3); count > 0; count -= 1) bytes = bendOnce(bytes, seeds);
  return new Uint8Array(bytes);
}

function bendOnce(bytes, seeds) {
  const at = random(bytes.length + 1);
  const length = 1 + random(24);
  const before = bytes.subarray(0, at);
  const after = bytes.subarray(at);
  switch (random(9)) {
    case 0:
      return flip(bytes, at, 1 << random(8));
    case 1:
      return flip(bytes, at, random(256));
    case 2:
      return Buffer.concat([
        before,
        Buffer.of(BOUNDARIES[random(BOUNDARIES.length)]),
        after.subarray(1),
      ]);
    case 3:
      return before;
    case 4:
      return Buffer.concat([before, after.subarray(length)]);
    case 5:
      return Buffer.concat([before, after.subarray(0, length), after]);
    case 6:
      return Buffer.concat([before, Buffer.from([0x84, 0xff, 0xff, 0xff, 0xff]), after]);
    case 7: {
      const other = Buffer.from(seeds[random(seeds.length)].bytes);
      return Buffer.concat([before, other.subarray(random(other.length + 1))]);
    }
    default:
      return Buffer.concat([before, Buffer.from([0x30, 0x80]), after, Buffer.alloc(2)]);
  }
}

function flip(bytes, at, mask) {
  const copy = Buffer.from(bytes);
  if (at < copy.length) copy[at] ^= mask;
  return copy;
}
