// Packages in dist/: those that few lines need are files of their own, loaded when they are used; of
// better-sqlite3 only the compiled addon stays outside.
import { basename, resolve } from 'node:path';
import { build } from 'esbuild';

const OWN_FILES = new Map([
  ['chalk', 'chalk'],
  ['commander', 'commander'],
  ['csv-parse/sync', 'csv-parse'],
  ['inquirer', 'inquirer'],
  ['node-forge', 'node-forge'],
]);
const WITH_DEFAULT = new Set(['node-forge']);

/** The plugin that leaves these packages to their own files. */
export function sharedPackages() {
  const names = [...OWN_FILES.keys()].join('|');
  return {
    name: 'shared-packages',
    setup({ onResolve, initialOptions }) {
      if (initialOptions.stdin !== undefined) return;
      onResolve({ filter: new RegExp(`^(?:${names})$`) }, ({ path }) => ({
        path: `./packages/${OWN_FILES.get(path)}.js`,
        external: true,
        sideEffects: false,
      }));
    },
  };
}

/** The files of these packages: name in dist/ → text and sources. */
export async function buildPackages(common) {
  const files = [...OWN_FILES].map(async ([name, file]) => {
    const all = `export * from '${name}';`;
    const contents = WITH_DEFAULT.has(name) ? `${all} export { default } from '${name}';` : all;
    const { outputFiles, metafile } = await build({
      ...common,
      stdin: { contents, resolveDir: common.absWorkingDir },
      format: 'cjs',
      // The package is CommonJS beneath: its names are known only when it runs.
      outfile: `${file}.js`,
      // Packages made as ES modules know their place by import.meta.
      define: { 'import.meta.url': 'zmintUrl' },
      banner: { js: "const zmintUrl=require('node:url').pathToFileURL(__filename).href;" },
    });
    const { '<stdin>': _own, ...inputs } = metafile.inputs;
    return [`packages/${file}.js`, { text: outputFiles[0].text, inputs }];
  });
  return Promise.all(files);
}

/** What the program uses nothing of, and would load with each command that opens a database. */
const LEFT_OUT =
  /\/better-sqlite3\/lib\/methods\/(?:aggregate|backup|function|table|transaction)\.js$/;

const ADDON = 'better-sqlite3/build/Release/better_sqlite3.node';

/**
 * The plugin that takes the addon from where installing puts it. The package bindings, which looks in
 * many places and costs more than opening a database, is asked only when it is not there.
 */
export function nativeAddon(root) {
  return {
    name: 'native-addon',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^bindings$/ }, () => ({ path: 'addon', namespace: 'zmint-addon' }));
      onResolve({ filter: /^better-sqlite3\/.+/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: LEFT_OUT }, ({ path }) => ({
        contents: `module.exports = () => {
          throw new Error('the build leaves out ${basename(path)} of better-sqlite3');
        };`,
      }));
      // Optional: it may be missing, and is looked for when a token is used.
      onResolve({ filter: /^pkcs11js$/ }, ({ path }) => ({ path, external: true }));
      onLoad({ filter: /.*/, namespace: 'zmint-addon' }, () => ({
        contents: `module.exports = (name) => {
          try {
            return require('${ADDON}');
          } catch (error) {
            if (error.code !== 'MODULE_NOT_FOUND') throw error;
            const home = require.resolve('better-sqlite3/package.json');
            const own = require('node:module').createRequire(home);
            return own('bindings')({ bindings: name, module_root: require('node:path').dirname(home) });
          }
        };`,
        loader: 'js',
        resolveDir: resolve(root),
      }));
    },
  };
}
