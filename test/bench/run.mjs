// npm run bench -- NAME [OPTION…]: runs test/bench/NAME.mjs; without a name, says which there are.
// What each measures stands at its head, and `npm run bench -- NAME --help` says it.
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';

const names = readdirSync(dirname(fileURLToPath(import.meta.url)))
  .filter((file) => file.endsWith('.mjs') && file !== 'run.mjs')
  .map((file) => file.replace('.mjs', ''));
const [, , name = ''] = process.argv;
if (names.includes(name)) await import(`./${name}.mjs`);
else {
  if (!['', '--help', 'help'].includes(name)) console.error(`there is no bench ${name}`);
  console.error(`npm run bench -- NAME [OPTION…], where NAME is one of: ${names.join(', ')}`);
  console.error('npm run bench -- NAME --help says what it measures and which options it has');
  process.exitCode = 2;
}
