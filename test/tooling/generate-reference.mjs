// Writes docs/reference/commands.md and exit-statuses.md from the commands' own data. With --check it
// writes nothing and fails when a file is not what it would write.
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { format } from 'prettier';
import { directImports } from './direct-imports.mjs';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const FOLDER = resolve(ROOT, 'docs/reference');

/** Both pages by file name, formatted. */
export async function renderReference() {
  const { renderCommands, renderStatuses, REGISTRY } = await loadCommands();
  const pages = {
    'commands.md': await renderCommands(REGISTRY),
    'exit-statuses.md': renderStatuses(),
  };
  for (const [name, text] of Object.entries(pages)) {
    pages[name] = await format(text, { parser: 'markdown', singleQuote: true, printWidth: 100 });
  }
  return pages;
}

async function loadCommands() {
  const folder = join(tmpdir(), `zmint-reference-${process.pid}`);
  mkdirSync(folder, { mode: 0o700 });
  try {
    await build({
      absWorkingDir: ROOT,
      stdin: {
        contents: `export { REGISTRY } from './commands/registry.js';
          export { renderCommands, renderStatuses } from './commands/cli/reference.js';`,
        resolveDir: ROOT,
        loader: 'ts',
      },
      outfile: join(folder, 'reference.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      packages: 'external',
      plugins: [directImports(ROOT)],
    });
    return await import(pathToFileURL(join(folder, 'reference.mjs')).href);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function staleFiles(pages) {
  return Object.entries(pages)
    .filter(([name, text]) => readOr(join(FOLDER, name)) !== text)
    .map(([name]) => name);
}

function readOr(file) {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const pages = await renderReference();
  const stale = staleFiles(pages);
  if (process.argv.includes('--check')) {
    for (const name of stale) console.error(`docs/reference/${name} is stale: npm run reference`);
    process.exitCode = stale.length === 0 ? 0 : 1;
  } else {
    mkdirSync(FOLDER, { recursive: true });
    for (const name of stale) writeFileSync(join(FOLDER, name), pages[name]);
  }
}
