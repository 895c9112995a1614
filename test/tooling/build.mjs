// Builds dist/: one tiny entry, and one chunk for each command, loaded when it is called.
import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { directImports } from './direct-imports.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const ENTRIES = ['zmint', 'quickstart'];
const REQUIRE = "import { createRequire as zmintRequire } from 'node:module';";

/** Builds what of bin/ is there; returns esbuild's metafile. */
export async function buildAll() {
  const { version } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8'));
  const names = ENTRIES.filter((name) => existsSync(resolve(ROOT, `bin/${name}.ts`)));
  rmSync(resolve(ROOT, 'dist'), { recursive: true, force: true });
  const { metafile } = await build({
    absWorkingDir: ROOT,
    entryPoints: names.map((name) => `bin/${name}.ts`),
    outdir: 'dist',
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
  for (const name of names) makeExecutable(resolve(ROOT, `dist/${name}.js`));
  return metafile;
}

function makeExecutable(file) {
  writeFileSync(file, `#!/usr/bin/env node\n${readFileSync(file, 'utf8')}`);
  chmodSync(file, 0o755);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) await buildAll();
