// How fast paths of three ECDSA certificates are judged, against pkijs's engine and `openssl verify`
// over the same leaves, and how long a hostile bag takes. All sides in turn, medians of the rounds.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { webcrypto } from 'node:crypto';
import { build } from 'esbuild';
import * as asn1js from 'asn1js';
import * as pkijs from 'pkijs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ROUNDS = Number(process.env.ROUNDS ?? 9);
const LEAVES = Number(process.env.LEAVES ?? 1000);
/** pkijs is slow enough to be measured with fewer. */
const PKIJS_LEAVES = 100;

const folder = mkdtempSync(join(tmpdir(), 'zmint-bench-'));
try {
  await run();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function run() {
  const { decode, hostileBag, makeLeaves, openPaths, pem, judgeFresh } = await load();
  const { root, intermediate, leaves, at } = await makeLeaves(LEAVES);
  writeFileSync(join(folder, 'root.pem'), pem(root));
  writeFileSync(join(folder, 'intermediate.pem'), pem(intermediate));
  const files = leaves.map((leaf, index) => {
    writeFileSync(join(folder, `${index}.pem`), pem(leaf));
    return `${index}.pem`;
  });
  pkijs.setEngine('node', new pkijs.CryptoEngine({ name: 'node', crypto: webcrypto }));
  const bag = await hostileBag(100);

  const sides = [
    side('zmint, one validator for all leaves', LEAVES, () => {
      const judge = openPaths(root, intermediate, at);
      for (const leaf of leaves) mustBe(judge(decode(leaf)), true);
    }),
    side('zmint, everything read anew for each leaf', LEAVES, () => {
      for (const leaf of leaves) mustBe(judgeFresh({ root, intermediate, leaf, at }), true);
    }),
    side('pkijs, everything read anew for each leaf', PKIJS_LEAVES, async () => {
      for (const leaf of leaves.slice(0, PKIJS_LEAVES)) {
        mustBe(await judgeByPkijs(root, intermediate, leaf, at), true);
      }
    }),
    side('openssl verify, one process', LEAVES, () => {
      const trust = ['-CAfile', 'root.pem', '-untrusted', 'intermediate.pem'];
      const args = ['verify', '-attime', String(at), ...trust, ...files];
      execFileSync('openssl', args, { cwd: folder, stdio: ['ignore', 'ignore', 'inherit'] });
    }),
    side('hostile bag of 100 same-name certificates', 1, () => mustBe(bag(), false)),
  ];
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const each of sides) {
      const began = performance.now();
      await each.work();
      // The first round only warms up.
      if (round > 0) each.seconds.push((performance.now() - began) / 1000);
    }
  }
  report(sides);
}

function side(name, paths, work) {
  return { name, paths, work, seconds: [] };
}

function report(sides) {
  const rows = sides.map(({ name, paths, seconds }) => ({
    name,
    seconds: rounded(median(seconds)),
    pathsPerSecond: Math.round(paths / median(seconds)),
  }));
  const [shared, fresh, byPkijs, byOpenssl, hostile] = rows;
  const ratios = {
    freshToPkijs: rounded(fresh.pathsPerSecond / byPkijs.pathsPerSecond),
    sharedToPkijs: rounded(shared.pathsPerSecond / byPkijs.pathsPerSecond),
    sharedToOpenssl: rounded(shared.pathsPerSecond / byOpenssl.pathsPerSecond),
    hostileSeconds: hostile.seconds,
  };
  console.table(rows);
  console.table(ratios);
  console.log(
    JSON.stringify({
      bench: 'path',
      node: process.version,
      rounds: ROUNDS,
      leaves: LEAVES,
      rows,
      ratios,
    }),
  );
}

async function judgeByPkijs(root, intermediate, leaf, at) {
  const read = (der) =>
    new pkijs.Certificate({ schema: asn1js.fromBER(Uint8Array.from(der).buffer).result });
  const engine = new pkijs.CertificateChainValidationEngine({
    trustedCerts: [read(root)],
    certs: [read(intermediate), read(leaf)],
    checkDate: new Date(at * 1000),
  });
  return (await engine.verify()).result;
}

/** The library and the tests' issuer, in one bundle, as the program itself is built. */
async function load() {
  const outfile = join(folder, 'bench.mjs');
  await build({
    absWorkingDir: ROOT,
    entryPoints: ['test/bench/path-cases.ts'],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
  });
  return import(pathToFileURL(outfile).href);
}

function mustBe(result, expected) {
  if (result !== expected) throw new Error(`a path was judged ${result}, not ${expected}`);
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function rounded(value) {
  return Math.round(value * 1000) / 1000;
}
