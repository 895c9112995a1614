// What `npm test` and `npm run quickstart` need on a fresh clone: packages and dist/. Node's own
// modules only, since there may be no packages yet.
import { execFileSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = resolve(dirname(fileURLToPath(import.meta.url)), '../..');
const INSTALLED = resolve(ROOT, 'node_modules/.package-lock.json');

if (!existsSync(INSTALLED) || modified(INSTALLED) < modified(resolve(ROOT, 'package-lock.json'))) {
  console.error('zmint: installing packages (npm ci), which compiles SQLite for a few minutes');
  execFileSync('npm', ['ci', '--no-audit', '--no-fund'], { cwd: ROOT, stdio: ['ignore', 2, 2] });
}
const { buildAll } = await import('./build.mjs');
await buildAll();

function modified(file) {
  return statSync(file).mtimeMs;
}
