// Builds dist/: a small entry, one part for each command with what it needs, the pages of the help.
//   node test/tooling/build.mjs [FOLDER [METAFILE]]
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { directImports } from './direct-imports.mjs';
import { buildPackages, nativeAddon, sharedPackages } from './packages.mjs';
import { packProgram } from './pack-program.mjs';
import { programEntries, readCommands } from './program-entries.mjs';
import { writeNotices } from './third-party.mjs';

/** Nothing else in the folder is touched; chunks/ was made by earlier versions. */
const OWN_FOLDERS = ['cache', 'chunks', 'packages', 'pages', 'parts'];
const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Builds what of bin/ is there; returns which sources each file of dist/ holds, as esbuild's metafiles do. */
export async function buildAll(folder = resolve(ROOT, 'dist')) {
  const { version } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const commands = readCommands(ROOT);
  const common = {
    absWorkingDir: ROOT,
    bundle: true,
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    write: false,
    logLevel: 'warning',
    define: { ZMINT_VERSION: JSON.stringify(version) },
    plugins: [
      sharedPackages(),
      nativeAddon(ROOT),
      programEntries(ROOT, commands),
      laneCode(ROOT),
      directImports(ROOT),
    ],
  };
  const program = await packProgram(common, commands);
  const files = new Map([...program.files, ...(await buildPackages(common))]);
  if (existsSync(resolve(ROOT, 'bin/quickstart.ts'))) {
    files.set('quickstart.js', await buildQuickstart(common));
  }
  files.set('package.json', { text: '{"type":"commonjs"}\n', inputs: {} });
  writeFolder(folder, files);
  const inputs = Object.assign({}, ...[...files.values()].map((file) => file.inputs));
  writeNotices(ROOT, folder, { inputs });
  return {
    inputs,
    outputs: Object.fromEntries(
      [...files].map(([name, { text, inputs: held }]) => [
        relative(process.cwd(), join(folder, name)),
        { bytes: Buffer.byteLength(text), inputs: held },
      ]),
    ),
  };
}

/** An esbuild plugin: the program of the thread that writes sets, as a text in the program itself. */
function laneCode(root) {
  return {
    name: 'lane-code',
    setup({ onLoad }) {
      onLoad({ filter: /\/bin\/threads\.ts$/ }, async () => {
        const { outputFiles } = await build({
          absWorkingDir: root,
          entryPoints: ['bin/fs-lane.ts'],
          bundle: true,
          platform: 'node',
          target: 'node20',
          format: 'cjs',
          minifySyntax: true,
          minifyWhitespace: true,
          legalComments: 'none',
          write: false,
          plugins: [directImports(root)],
        });
        const [{ text }] = outputFiles;
        const programs = JSON.stringify({ writeSets: text });
        return { contents: `export const THREADS = ${programs};`, loader: 'js' };
      });
    },
  };
}

async function buildQuickstart(common) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ['bin/quickstart.ts'],
    outfile: 'quickstart.js',
    format: 'cjs',
    define: { ...common.define, 'import.meta.url': 'zmintUrl' },
    banner: {
      js: "#!/usr/bin/env node\nconst zmintUrl=require('node:url').pathToFileURL(__filename).href;",
    },
  });
  return { text: outputFiles[0].text, inputs: metafile.inputs, mode: 0o755 };
}

/** What an earlier build left goes only now, so that a program that runs keeps what it may still load. */
function writeFolder(folder, files) {
  mkdirSync(folder, { recursive: true });
  for (const [name, { text, mode = 0o644 }] of files) {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    rmSync(path, { force: true });
    writeFileSync(path, text, { mode });
  }
  const needed = new Set([...files.keys()].map((name) => name.split('/').slice(0, 2).join('/')));
  for (const own of OWN_FOLDERS.filter((name) => existsSync(join(folder, name)))) {
    for (const name of readdirSync(join(folder, own))) {
      if (needed.has(`${own}/${name}`)) continue;
      rmSync(join(folder, own, name), { recursive: true, force: true });
    }
  }
}

/** A name for exactly these texts. */
export function nameOf(texts) {
  const hash = createHash('sha256');
  for (const text of texts) hash.update(`${text.length}\n${text}`);
  return hash.digest('hex').slice(0, 16);
}

/** Runs the text of a CommonJS file. */
export function evaluate(text) {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', text)(
    module,
    module.exports,
    createRequire(import.meta.url),
  );
  return module.exports;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = 'dist', metafile] = process.argv.slice(2);
  const built = await buildAll(resolve(folder));
  if (metafile !== undefined) writeFileSync(metafile, JSON.stringify(built));
  const size = Object.values(built.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
  console.error(`zmint: built ${relative(process.cwd(), resolve(folder))}, ${size} bytes`);
}
