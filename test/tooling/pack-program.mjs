// Packs the program: esbuild finds which modules belong together, and each becomes a function by a
// name; a part of the program is the files that hold the functions which it needs.
import { posix } from 'node:path';
import { build, transform } from 'esbuild';
import { evaluate, nameOf } from './build.mjs';
import { entryOf, PAGES_ENTRY } from './program-entries.mjs';
import { renderPages } from './render-pages.mjs';

/** Read often, by people and by cron: all that they need is in one file, also what other parts share. */
const OFTEN = new Map([
  ['', []],
  ...['status', 'check', 'ssl list', 'server list', 'ca list', 'ca show', 'event list'].map(
    (name) => [name, ['bin/zone-access.ts']],
  ),
]);
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
  const lazy = lazyFiles(graph, parts);
  const { files: held, shared } = share([...parts, ...lazy]);
  const modules = [...held].map(([file, names]) => [file, moduleFile(graph, names)]);
  // A program that runs while another build is made must not load parts of that one.
  const name = nameOf(modules.map(([, { text }]) => text));
  const files = new Map(modules.map(([file, made]) => [`parts/${name}/${file}.js`, made]));
  const pages = await renderPages(graph.load(graph.entry(PAGES_ENTRY)));
  for (const { file, text } of pages) files.set(`pages/${file}`, { text, inputs: {} });
  const facts = {
    build: name,
    homes: homesOf(graph, held, [...lazy, ...parts]),
    parts: Object.fromEntries(
      parts.map(({ name, file, entry, uses }) => [
        name,
        { files: needsShared(uses, shared, held.get(file)) ? [SHARED, file] : [file], entry },
      ]),
    ),
    pages: Object.fromEntries(pages.map(({ words, file }) => [words, file])),
  };
  files.set('zmint.js', await entryFile(common, graph, facts));
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
        const { imports, inputs, entryPoint } = metafile.outputs[name];
        const { text } = outputFiles.find((file) => absolute(file.path) === path);
        return [
          keys.get(path),
          {
            entryPoint: entryPoint?.replace(/^zmint-program:zmint-program:/u, 'zmint-program:'),
            inputs,
            text: await toModule(text, path, keys),
            next: nextOf(imports, keys, 'import-statement'),
            later: nextOf(imports, keys, 'dynamic-import'),
          },
        ];
      }),
    ),
  );
  return graphOf(outputs);
}

function absolute(path) {
  return posix.join('/', path.replaceAll('\\', '/').replace(/^(?:\.\.\/)+/u, ''));
}

function nextOf(imports, keys, wanted) {
  return imports
    .filter(({ kind, external }) => kind === wanted && external !== true)
    .map(({ path }) => keys.get(absolute(path)));
}

async function toModule(text, path, keys) {
  const { code } = await transform(text, {
    format: 'cjs',
    target: 'node20',
    minifySyntax: true,
    minifyWhitespace: true,
    supported: { 'dynamic-import': false },
  });
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

function graphOf(outputs) {
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
  return { outputs, closure, entry, load: require };
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
function withRun(graph, uses) {
  const later = [...uses].flatMap((key) => {
    const { inputs, later: keys } = graph.outputs.get(key);
    if (Object.keys(inputs).includes('commands/registry.ts')) return [];
    return keys.filter((each) =>
      /^(?:commands\/|zmint-direct:)/u.test(graph.outputs.get(each).entryPoint),
    );
  });
  const more = graph.closure(later, new Set(uses));
  return more.size === uses.size ? uses : withRun(graph, more);
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
  const text = graph.outputs
    .get(key)
    .text.replace(/^"use strict";/u, '')
    .trim();
  if (/[^\0-\x7f]/u.test(text)) throw new Error('the program must be ASCII');
  return `function(exports,require,module){"use strict";${text}\n}`;
}

function inputsOf(graph, keys) {
  return Object.assign({}, ...keys.map((key) => graph.outputs.get(key).inputs));
}

async function entryFile(common, graph, facts) {
  const { outputFiles, metafile } = await build({
    ...common,
    entryPoints: ['bin/program-parts.ts'],
    outfile: 'program-parts.js',
    format: 'iife',
    globalName: 'zmint',
  });
  const keys = [...graph.closure([graph.entry('bin/zmint.ts')])];
  const { text, inputs } = moduleFile(graph, keys);
  const start = graph.entry('bin/zmint.ts');
  const lines = [
    '#!/usr/bin/env node',
    `"use strict";${outputFiles[0].text.replace(/^"use strict";/u, '').trim()}`,
    `const parts=zmint.createProgramParts({...${JSON.stringify(facts)},folder:__dirname,require});`,
    `parts.define(${text.trim()});`,
    `parts.require("${start}").start(parts);`,
  ];
  return {
    text: `${lines.join('\n')}\n`,
    inputs: { ...inputs, ...metafile.inputs },
    mode: 0o755,
  };
}
