// The licences of the packages whose code is inside dist/: they must travel with it.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Writes THIRD-PARTY.txt for what esbuild's metafile says was bundled; throws for a package without a licence. */
export function writeNotices(root, folder, metafile) {
  const packages = new Set(Object.keys(metafile.inputs).flatMap((input) => packageOf(input) ?? []));
  const notices = [...packages].sort().map((path) => notice(resolve(root, path)));
  writeFileSync(join(folder, 'THIRD-PARTY.txt'), notices.join('\n'));
}

function packageOf(input) {
  const match = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//u.exec(input);
  return match?.[1];
}

function notice(path) {
  const { name, version, license } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  const file = readdirSync(path).find((entry) => /^licen[cs]e/iu.test(entry));
  const text = file === undefined ? '' : readFileSync(join(path, file), 'utf8').trim();
  if (text === '' && typeof license !== 'string') throw new Error(`${name} states no licence`);
  return `${'-'.repeat(72)}\n${name} ${version} (${license})\n\n${text}\n`;
}
