// Builds dist/: one tiny entry, and one chunk for each command, loaded when it is called.
//   node test/tooling/build.mjs [FOLDER [METAFILE]]
import { chmodSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { directImports } from './direct-imports.mjs';
import { writeNotices } from './third-party.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ENTRIES = ['zmint', 'quickstart'];
const REQUIRE = "import { createRequire as zmintRequire } from 'node:module';";

/** Builds what of bin/ is there; returns esbuild's metafile. */
export async function buildAll(folder = resolve(ROOT, 'dist')) {
  const { version } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const names = ENTRIES.filter((name) => existsSync(resolve(ROOT, `bin/${name}.ts`)));
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => `bin/${name}.ts`),
    outdir: folder,
    chunkNames: 'chunks/[name]-[hash]',
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: 'none',
    metafile: true,
    logLevel: 'warning',
    external: ['better-sqlite3'],
    define: { ZMINT_VERSION: JSON.stringify(version) },
    // CommonJS packages inside the bundle call require for Node's own modules.
    banner: { js: `${REQUIRE}const require=zmintRequire(import.meta.url);` },
    plugins: [directImports(ROOT)],
  });
  for (const name of names) chmodSync(join(folder, `${name}.js`), 0o755);
  removeStale(folder, metafile);
  writeNotices(ROOT, folder, metafile);
  return metafile;
}

/** Chunks of earlier builds go only now, so that a program that runs keeps what it may still load. */
function removeStale(folder, metafile) {
  const fresh = new Set(Object.keys(metafile.outputs).map((output) => resolve(ROOT, output)));
  const chunks = join(folder, 'chunks');
  for (const name of existsSync(chunks) ? readdirSync(chunks) : []) {
    if (!fresh.has(join(chunks, name))) rmSync(join(chunks, name));
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder = 'dist', metafile] = process.argv.slice(2);
  const built = await buildAll(resolve(folder));
  if (metafile !== undefined) writeFileSync(metafile, JSON.stringify(built));
  const size = Object.values(built.outputs).reduce((sum, { bytes }) => sum + bytes, 0);
  console.error(`zmint: built ${relative(process.cwd(), resolve(folder))}, ${size} bytes`);
}
