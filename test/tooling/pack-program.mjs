// Packs the program: esbuild finds which modules belong together, and each becomes a function by a
// name; a part of the program is the files that hold the functions which it needs. What is called all
// day is one function for each command.
import { posix } from 'node:path';
import { build, transform } from 'esbuild';
import { evaluate, nameOf } from './build.mjs';
import { joinModules } from './join-modules.mjs';
import { entryOf, hotEntryOf, PAGES_ENTRY } from './program-entries.mjs';
import { renderPages } from './render-pages.mjs';

/** Read often: all that they need is in one file, also what other parts share. */
const OFTEN = new Map([
  ['', []],
  ...['device list', 'ca list', 'event list'].map((name) => [name, ['bin/zone-glance.ts']]),
  ['ca show', ['bin/zone-access.ts']],
]);
/** Called all day, by people and by cron: the entry itself knows these, and their parts nothing else. */
const HOT = new Map([
  ...['check', 'ssl list', 'server list'].map((name) => [name, ['bin/zone-glance.ts']]),
  [
    'status',
    ['bin/zone-glance.ts', 'src/adapters/fs/live-links.ts', 'src/adapters/fs/zone-folder.ts'],
  ],
  ['ssl resume', ['bin/zone-access.ts']],
]);
/** What a command that goes well never needs. */
const SELDOM = [
  'commands/cli/describe-completion.ts',
  'commands/cli/help-page.ts',
  'commands/cli/help-text.ts',
  'commands/cli/prompts.ts',
  'commands/cli/read-with-commander.ts',
  'commands/cli/report-error.ts',
];
/** What all other lines need first. */
const START = 'start';
/** What so many files would hold is put into one of its own. */
const SHARED_BY = 4;
const SHARED = 'shared';
const EXPOSE = `const expose=(exports,names)=>{Object.defineProperty(exports,"__esModule",{value:true});for(const name in names)Object.defineProperty(exports,name,{get:names[name],enumerable:true})};`;
/** What an import of a whole module is: packages without the mark of an ES module are their own default. */
const TO_ESM = `const __toESM=module=>module.__esModule?module:Object.create(module,{default:{value:module}});`;

/** The files of the program by their names in dist/: texts and the sources in them. */
export async function packProgram(common, commands) {
  const graph = await readGraph(common, commands);
  const parts = ['', ...commands.map(({ name }) => name)].map((name) => partOf(graph, name));
  const hot = [...HOT].map(([name, own]) => hotPart(graph, commands, { name, own }));
  const lazy = lazyFiles(graph, parts);
  const { files: held, shared } = share([...parts, ...lazy]);
  const pages = await renderPages(graph.load(graph.entry(PAGES_ENTRY)));
  const table = Object.fromEntries(
    parts.map(({ name, file, entry, uses }) => [
      name,
      { files: needsShared(uses, shared, held.get(file)) ? [SHARED, file] : [file], entry },
    ]),
  );
  const map = {
    homes: homesOf(graph, held, [...lazy, ...parts]),
    parts: table,
    pages: Object.fromEntries(pages.map(({ words, file }) => [words, file])),
  };
  const modules = [
    ...[...held].map(([file, names]) => [file, moduleFile(graph, names)]),
    ...(await Promise.all(hot.map(async (part) => [part.file, await hotFile(graph, part)]))),
    [START, startFile(graph, map)],
  ];
  // A program that runs while another build is made must not load parts of that one.
  const name = nameOf(modules.map(([, { text }]) => text));
  const files = new Map(modules.map(([file, made]) => [`parts/${name}/${file}.js`, made]));
  for (const { file, text } of pages) files.set(`pages/${file}`, { text, inputs: {} });
  const called = hot.map(({ name: words, file }) => [words, file]);
  const facts = { build: name, hot: Object.fromEntries(called) };
  files.set('zmint.js', await entryFile(common, facts));
  return { files };
}

/** What esbuild makes of all starting points: modules as CommonJS under short names. */
async function readGraph(common, commands) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: [
      'bin/zmint.ts',
      PAGES_ENTRY,
      entryOf(''),
      ...commands.map(({ name }) => entryOf(name)),
      ...[...HOT.keys()].map(hotEntryOf),
    ],
    outdir: '/',
    entryNames: 'entries/[dir]-[name]-[hash]',
    chunkNames: 'chunks/[name]-[hash]',
    splitting: true,
    format: 'esm',
  });
  const names = Object.keys(metafile.outputs);
  const keys = new Map(names.map((name, index) => [absolute(name), `~${index.toString(36)}`]));
  const outputs = new Map(
    await Promise.all(
      names.map(async (name) => {
        const path = absolute(name);
        const { imports, exports, inputs, entryPoint } = metafile.outputs[name];
        const { text } = outputFiles.find((file) => absolute(file.path) === path);
        return [
          keys.get(path),
          {
            entryPoint: entryPoint?.replace(/^zmint-program:zmint-program:/u, 'zmint-program:'),
            inputs,
            exports,
            path,
            linked: text,
            text: await toModule(text, path, keys),
            next: nextOf(imports, keys, 'import-statement'),
            later: nextOf(imports, keys, 'dynamic-import'),
          },
        ];
      }),
    ),
  );
  return graphOf(outputs, keys);
}

function absolute(path) {
  return posix.join('/', path.replaceAll('\\', '/').replace(/^(?:\.\.\/)+/u, ''));
}

function nextOf(imports, keys, wanted) {
  return imports
    .filter(({ kind, external }) => kind === wanted && external !== true)
    .map(({ path }) => keys.get(absolute(path)));
}

const CJS = {
  format: 'cjs',
  target: 'node20',
  minifySyntax: true,
  minifyWhitespace: true,
  supported: { 'dynamic-import': false },
};

async function toModule(text, path, keys) {
  const { code } = await transform(text, CJS);
  return withoutHelpers(code).replace(/require\("(\.{1,2}\/[^"]+)"\)/gu, (whole, to) => {
    const key = keys.get(posix.resolve(posix.dirname(path), to));
    if (key !== undefined) return `require("${key}")`;
    if (to.startsWith('./packages/')) return whole;
    throw new Error(`${path} requires ${to}, which was not built`);
  });
}

/** Every module would bring the same helpers; one function for all of a file does what they do. */
function withoutHelpers(code) {
  const helpers =
    /^(?:var __.*?;)?var stdin_exports=\{\};__export\(stdin_exports,(\{.*?\})\);module\.exports=__toCommonJS\(stdin_exports\);/su;
  const [head, names] = helpers.exec(code) ?? [];
  if (head === undefined) return code;
  const more = head.includes('__toESM=(') ? TO_ESM : '';
  return `${more}expose(module.exports,${names});${code.slice(head.length)}`;
}

function graphOf(outputs, keys) {
  const entries = new Map([...outputs].map(([key, { entryPoint }]) => [entryPoint, key]));
  const closure = (keys, found = new Set()) => {
    for (const key of keys) {
      if (found.has(key)) continue;
      found.add(key);
      closure(outputs.get(key).next, found);
    }
    return found;
  };
  const entry = (entryPoint) => {
    const key = entries.get(entryPoint);
    if (key === undefined) throw new Error(`${entryPoint} was not built`);
    return key;
  };
  const ready = new Map();
  const require = (name) => {
    if (!name.startsWith('~')) return evaluate('module.exports = require')(name);
    if (!ready.has(name)) {
      const module = { exports: {} };
      ready.set(name, module);
      evaluate(`${EXPOSE}module.exports=${functionOf({ outputs }, name)}`)(
        module.exports,
        require,
        module,
      );
    }
    return ready.get(name).exports;
  };
  return { outputs, keys, closure, entry, load: require };
}

/** A part: its starting point, all that this imports, and what commands load when they run. */
function partOf(graph, name) {
  const entry = graph.entry(entryOf(name));
  const own = OFTEN.get(name) ?? [];
  const uses = withRun(graph, graph.closure([entry, ...own.map((path) => graph.entry(path))]));
  const file = name === '' ? 'frame' : name.replaceAll(' ', '-');
  return { name, file, entry, uses, alone: OFTEN.has(name) };
}

/** Commands load late what they always use, for the sake of their help; adapters what they seldom do. */
function withRun(graph, uses, seldom = []) {
  const later = [...uses].flatMap((key) => {
    const { inputs, later: keys } = graph.outputs.get(key);
    if (Object.keys(inputs).includes('commands/registry.ts')) return [];
    return keys.filter((each) => {
      const { entryPoint } = graph.outputs.get(each);
      return /^(?:commands\/|zmint-direct:)/u.test(entryPoint) && !seldom.includes(entryPoint);
    });
  });
  const more = graph.closure(later, new Set(uses));
  return more.size === uses.size ? uses : withRun(graph, more, seldom);
}

/** A file for each module that is loaded later and is in no part as a whole. */
function lazyFiles(graph, parts) {
  const held = new Set(parts.flatMap(({ uses }) => [...uses]));
  const targets = new Set([...graph.outputs.values()].flatMap(({ later }) => later));
  return [...targets]
    .filter((key) => !held.has(key) || graph.outputs.get(key).entryPoint.startsWith('bin/'))
    .map((key) => {
      const { entryPoint } = graph.outputs.get(key);
      const name = entryPoint
        .replace(/^zmint-direct:(?:zmint-direct:)?/u, '')
        .replace(/\.ts$/u, '');
      const file = name.replaceAll(/[^\w-]+/gu, '-').toLowerCase();
      return { file: `later-${file}`, entry: key, uses: graph.closure([key]), alone: false };
    });
}

/** Which modules each file holds, when those that many files use have one of their own. */
function share(units) {
  const users = new Map();
  for (const { uses, alone } of units) {
    for (const key of alone ? [] : uses) users.set(key, (users.get(key) ?? 0) + 1);
  }
  const shared = new Set([...users].flatMap(([key, count]) => (count >= SHARED_BY ? [key] : [])));
  const files = new Map([[SHARED, [...shared]]]);
  for (const { file, uses, alone } of units) {
    files.set(
      file,
      [...uses].filter((key) => alone || !shared.has(key)),
    );
  }
  return { files, shared };
}

function needsShared(uses, shared, held) {
  const own = new Set(held);
  return [...uses].some((key) => shared.has(key) && !own.has(key));
}

/** Where a module is found that is loaded later, or that another file has left out. */
function homesOf(graph, held, units) {
  const homes = {};
  for (const { file } of units) for (const key of held.get(file)) homes[key] ??= file;
  for (const key of held.get(SHARED)) homes[key] = SHARED;
  for (const { entry, file } of units) if (homes[entry] !== SHARED) homes[entry] = file;
  return homes;
}

function moduleFile(graph, keys) {
  const modules = keys.map((key) => `"${key}":${functionOf(graph, key)}`);
  return {
    text: `(()=>{${EXPOSE}return{${modules.join(',\n')}}})()\n`,
    inputs: inputsOf(graph, keys),
  };
}

function functionOf(graph, key) {
  return moduleFunction(graph.outputs.get(key).text);
}

function moduleFunction(code) {
  const text = code.replace(/^"use strict";/u, '').trim();
  if (/[^\0-\x7f]/u.test(text)) throw new Error('the program must be ASCII');
  return `function(exports,require,module){"use strict";${text}\n}`;
}

function inputsOf(graph, keys) {
  return Object.assign({}, ...keys.map((key) => graph.outputs.get(key).inputs));
}

/** A part for one command, whose name no other's may begin with: the entry knows no other names. */
function hotPart(graph, commands, { name, own }) {
  const longer = commands.find((each) => each.name.startsWith(`${name} `));
  if (longer !== undefined) throw new Error(`${name} cannot be hot: there is ${longer.name}`);
  const entry = graph.entry(hotEntryOf(name));
  const all = graph.closure([entry, ...own.map((path) => graph.entry(path))]);
  const file = `hot-${name.replaceAll(' ', '-')}`;
  return { name, file, entry, uses: withRun(graph, all, SELDOM) };
}

/**
 * A hot part as one function: V8 starts that much faster than a function for each module with its
 * exports. It leaves what starts it, and its modules by their names for those that are loaded later.
 */
async function hotFile(graph, { entry, uses }) {
  const { code } = await transform(await joinModules(graph, entry, uses), CJS);
  const text = `(()=>{${EXPOSE}return ${moduleFunction(withoutHelpers(code))}})()\n`;
  return { text, inputs: inputsOf(graph, [...uses]) };
}

/** Where everything is, and the modules that read a line. */
function startFile(graph, map) {
  const entry = graph.entry('bin/zmint.ts');
  const { text, inputs } = moduleFile(graph, [...graph.closure([entry])]);
  const facts = JSON.stringify({ ...map, entry });
  return { text: `({...${facts},modules:${text.trim()}})\n`, inputs };
}

async function entryFile(common, facts) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ['bin/program-parts.ts'],
    outfile: 'program-parts.js',
    format: 'iife',
    globalName: 'zmint',
  });
  const lines = [
    '#!/usr/bin/env node',
    `"use strict";${outputFiles[0].text.replace(/^"use strict";/u, '').trim()}`,
    `zmint.createProgramParts({...${JSON.stringify(facts)},folder:__dirname,require}).start(process.argv.slice(2));`,
  ];
  return {
    text: `${lines.join('\n')}\n`,
    inputs: metafile.inputs,
    mode: 0o755,
  };
}
