// Joins modules that esbuild has made into one, whose variables all stand in one scope.
import { posix } from 'node:path';
import { build } from 'esbuild';

const NAMESPACE = 'joined';

/**
 * The text of an ES module that holds these modules once each. It exports `start`, as the module
 * `entry` does, and `modules`: by its name a function for each that puts its exports into an object,
 * for modules outside which share them. It imports packages, and later what is outside, by name.
 */
export async function joinModules(graph, entry, keys) {
  const { outputFiles } = await build({
    stdin: { contents: wholeText(graph, entry, [...keys]) },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    minifySyntax: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
    plugins: [builtModules(graph, keys)],
  });
  return outputFiles[0].text;
}

function wholeText(graph, entry, keys) {
  const imports = [];
  const tables = [];
  keys.forEach((key, index) => {
    const names = graph.outputs.get(key).exports.map((name, at) => [name, `of${index}_${at}`]);
    imports.push(
      `import {${names.map(([name, own]) => `${name} as ${own}`).join()}} from '${key}';`,
    );
    const getters = names.map(([name, own]) => `${name}: () => ${own}`);
    tables.push(`'${key}': (exports) => expose(exports, {${getters.join()}})`);
  });
  return [
    `import { start } from '${entry}';`,
    ...imports,
    `const modules = {${tables.join(',\n')}};`,
    'export { start, modules };',
  ].join('\n');
}

/** An esbuild plugin: modules by their names, and by the paths that they call each other. */
function builtModules(graph, keys) {
  return {
    name: 'built-modules',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^~/ }, ({ path }) => ({ path, namespace: NAMESPACE }));
      onResolve({ filter: /^\.{1,2}\// }, ({ path, importer, kind }) => {
        const from = posix.dirname(graph.outputs.get(importer).path);
        const key = graph.keys.get(posix.resolve(from, path));
        if (kind === 'dynamic-import' || key === undefined) {
          return { path: key ?? path, external: true };
        }
        if (keys.has(key)) return { path: key, namespace: NAMESPACE };
        throw new Error(`${importer} imports ${path}, which is not in its part`);
      });
      onResolve({ filter: /^[^.~]/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /.*/, namespace: NAMESPACE }, ({ path }) => ({
        contents: graph.outputs.get(path).linked,
        loader: 'js',
      }));
    },
  };
}
