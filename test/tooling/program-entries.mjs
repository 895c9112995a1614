// An esbuild plugin: the starting points of the program, one for each command of the registry.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const LOAD = /load: async \(\) => \(await import\('(\.\/[\w/-]+)\.js'\)\)\.(\w+)/gu;
const NAME =
  /name: '([^']+)',[^{}]*?load: async \(\) => \(await import\('(\.\/[\w/-]+)\.js'\)\)\.(\w+)/gu;
const PREFIX = 'zmint-program:';
const NAMES = 'zmint-names';

/** Those that speak about all commands, and so may load each. */
const WHOLE = ['help', 'completion'];

/** The commands that the registry loads: their words, file and exported name. */
export function readCommands(root) {
  const text = readRegistry(root);
  const commands = [...text.matchAll(NAME)].map(([, name, file, exported]) => ({
    name,
    file: `commands/${file.slice(2)}.ts`,
    exported,
    whole: WHOLE.includes(name),
  }));
  if (commands.length === 0 || commands.length !== [...text.matchAll(LOAD)].length) {
    throw new Error('commands/registry.ts: write name, summary and load in the usual form');
  }
  return commands;
}

/** The registry with the lists of commands that it takes in. */
function readRegistry(root) {
  const read = (name) => readFileSync(resolve(root, 'commands', name), 'utf8');
  const registry = read('registry.ts');
  const lists = [...registry.matchAll(/from '\.\/([\w-]+-commands)\.js'/gu)];
  return [registry, ...lists.map(([, name]) => read(`${name}.ts`))].join('\n');
}

/** The module that starts a part; the part without a command has no name. */
export function entryOf(name) {
  return PREFIX + name.replaceAll(' ', '-');
}

/** The module that starts a command which is called all day, and knows no other. */
export function hotEntryOf(name) {
  return entryOf(`hot ${name}`);
}

/** The module with what the pages are made from. */
export const PAGES_ENTRY = `${PREFIX}(pages)`;

/** The plugin for these commands. */
export function programEntries(root, commands) {
  const texts = new Map([
    [PREFIX, startText('NAMES')],
    [PAGES_ENTRY, PAGES_TEXT],
    ...commands.map((command) => [entryOf(command.name), commandText(command)]),
    ...commands.map((command) => [hotEntryOf(command.name), hotText(command)]),
  ]);
  const registry = resolve(root, 'commands/registry.ts');
  return {
    name: 'program-entries',
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^zmint-program:/ }, ({ path }) => ({
        path,
        namespace: 'zmint-program',
      }));
      onLoad({ filter: /.*/, namespace: 'zmint-program' }, ({ path }) => ({
        contents: texts.get(path),
        loader: 'ts',
        resolveDir: root,
      }));
      onResolve({ filter: /^zmint-names$/ }, () => ({ path: registry, namespace: NAMES }));
      // The entry of the program reads names only.
      onResolve({ filter: /\/registry\.js$/ }, ({ importer }) =>
        importer === resolve(root, 'bin/zmint.ts')
          ? { path: registry, namespace: NAMES }
          : undefined,
      );
      // The lists that the registry takes in are read for their names too.
      onResolve({ filter: /-commands\.js$/, namespace: NAMES }, ({ path }) => ({
        path: resolve(root, 'commands', path.replace(/\.js$/u, '.ts')),
        namespace: NAMES,
      }));
      onLoad({ filter: /.*/, namespace: NAMES }, ({ path }) => ({
        contents: readFileSync(path, 'utf8').replace(LOAD, 'load: notHere') + NOT_HERE,
        loader: 'ts',
        resolveDir: resolve(root, 'commands'),
      }));
    },
  };
}

const NOT_HERE = `
function notHere(): Promise<never> {
  return Promise.reject(new Error('this part of the program loads no other command'));
}`;

const PAGES_TEXT = `
export { REGISTRY } from './commands/registry.ts';
export { chooseStart } from './commands/cli/choose-start.ts';
export { findCommand } from './commands/cli/find-command.ts';
export { helpText } from './commands/cli/help-text.ts';
export { PLAIN } from './commands/cli/style.ts';`;

function commandText({ name, file, exported, whole }) {
  if (whole) return startText('REGISTRY');
  const catalog = `NAMES.map((entry) => entry.name === '${name}' ? { ...entry, load: async () => ${exported} } : entry)`;
  return `import { ${exported} } from './${file}';\n${startText(catalog)}`;
}

function hotText({ name, file, exported }) {
  const entry = `{ kind: 'ready', name: '${name}', summary: ${exported}.summary, load: async () => ${exported} }`;
  return `import { ${exported} } from './${file}';
    import { runProgram } from './bin/run-program.ts';
    export const start = () => void runProgram([${entry}]);`;
}

function startText(catalog) {
  const source = catalog === 'REGISTRY' ? './commands/registry.ts' : 'zmint-names';
  const names = catalog === 'REGISTRY' ? 'REGISTRY' : 'REGISTRY as NAMES';
  return `import { runProgram } from './bin/run-program.ts';
    import { ${names} } from '${source}';
    void runProgram(${catalog});`;
}
