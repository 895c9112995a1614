// An esbuild plugin: what commands and bin/ import from src/index.ts is taken from the files that declare it,
// so that a command loads what it uses and not the whole library.
import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

const EXPORT = /export\s+(type\s+)?\{([^}]*)\}\s+from\s+'([^']+)'/gu;
const STATIC = /import\s+\{([^}]*)\}\s+from\s+'(?:\.\.\/)+src\/index\.js'/gu;
const DYNAMIC = /const\s+\{([^}]*)\}\s*=\s*await\s+import\(\s*'(?:\.\.\/)+src\/index\.js'\s*\)/gu;
const ANY_DYNAMIC = /import\(\s*'(?:\.\.\/)+src\/index\.js'\s*\)/u;
const NAMESPACE = 'zmint-direct';

/** The plugin for the repository at `root`. */
export function directImports(root) {
  const index = resolve(root, 'src/index.ts');
  return {
    name: 'direct-imports',
    setup(build) {
      const homes = homesOf(readFileSync(index, 'utf8'), dirname(index));
      build.onLoad({ filter: /\/(?:bin|commands)\/.*\.ts$/ }, ({ path }) => ({
        contents: rewrite(readFileSync(path, 'utf8'), homes, path),
        loader: 'ts',
        resolveDir: dirname(path),
      }));
      build.onResolve({ filter: /^zmint-direct:/ }, ({ path }) => ({
        path: path.slice(NAMESPACE.length + 1),
        namespace: NAMESPACE,
      }));
      build.onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: path
          .split(',')
          .map((name) => exportLine(name, homes))
          .join('\n'),
        loader: 'ts',
        resolveDir: root,
      }));
    },
  };
}

/** Where each public value is declared: its name in the index → file and name there. */
export function homesOf(text, folder) {
  const homes = new Map();
  for (const [, type, names, from] of text.matchAll(EXPORT)) {
    if (type !== undefined) continue;
    for (const { local, imported } of specifiers(names)) {
      homes.set(local, { file: resolve(folder, from.replace(/\.js$/u, '.ts')), name: imported });
    }
  }
  return homes;
}

/** The text of a command file with its imports of the index made direct. */
export function rewrite(text, homes, path) {
  const direct = text
    .replace(STATIC, (_, names) =>
      specifiers(names)
        .map(({ imported, local }) => importLine(find(homes, imported, path), local))
        .join('; '),
    )
    .replace(DYNAMIC, (_, names) => {
      const wanted = specifiers(names.replaceAll(':', ' as '));
      const key = wanted
        .map(({ imported }) => imported)
        .sort()
        .join(',');
      for (const { imported } of wanted) find(homes, imported, path);
      return `const {${names}} = await import('${NAMESPACE}:${key}')`;
    });
  if (ANY_DYNAMIC.test(direct)) {
    throw new Error(`${path}: write const { names } = await import('…/src/index.js')`);
  }
  return direct;
}

function specifiers(names) {
  return names
    .split(',')
    .map((each) => each.trim())
    .filter((each) => each !== '' && !each.startsWith('type '))
    .map((each) => {
      const [imported, local] = each.split(/\s+as\s+/u);
      return { imported, local: local ?? imported };
    });
}

function find(homes, name, path) {
  const home = homes.get(name);
  if (home === undefined) throw new Error(`${path}: src/index.ts exports no value ${name}`);
  return home;
}

function importLine({ file, name }, local) {
  return `import { ${name} as ${local} } from ${JSON.stringify(file)}`;
}

function exportLine(name, homes) {
  const home = find(homes, name, NAMESPACE);
  return `export { ${home.name} as ${name} } from ${JSON.stringify(home.file)};`;
}
