import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { createCodeCache } from './code-cache.js';

type Exports = Record<string, unknown>;
type Require = (name: string) => unknown;
/** A CommonJS module as the build writes it; what it leaves in `module.exports` is what it exports. */
type Module = (exports: Exports, require: Require, module: { exports: Exports }) => void;

/** What the build tells the program about itself. */
export interface ProgramFacts {
  /** Where the program is: dist/. */
  readonly folder: string;
  /** Of exactly these files. */
  readonly build: string;
  /** Which file has a module that a part may load later. */
  readonly homes: Readonly<Record<string, string>>;
  /** Which files hold the modules of a part, and the module that starts it. */
  readonly parts: Readonly<
    Record<string, { readonly files: readonly string[]; readonly entry: string }>
  >;
  /** Help pages and their files. */
  readonly pages: Readonly<Record<string, string>>;
  /** Node's own, which also finds the packages beside the program. */
  readonly require: Require;
}

/** The program on disk, of which only what is needed is read. */
export interface ProgramParts {
  /** Makes modules known; the first of a name stays. */
  define(modules: Readonly<Record<string, Module>>): void;
  /** The exports of a module, which runs when it is first wanted. */
  require: Require;
  /** Loads a part and starts it. */
  run(part: string): void;
  /** A page as the build has made it; undefined when there is none. */
  readPage(words: string): string | undefined;
}

/**
 * The modules of the program: each exists once in a process, whichever files it is in. Compiled code is
 * kept beside the program (`createCodeCache`), which is the greater part of starting a large command.
 */
export function createProgramParts(facts: ProgramFacts): ProgramParts {
  const modules = new Map<string, Module>();
  const ready = new Map<string, { exports: Exports }>();
  const cache = createCodeCache(facts.folder, facts.build);
  const define = (more: Readonly<Record<string, Module>>): void => {
    for (const [name, module] of Object.entries(more)) {
      if (!modules.has(name)) modules.set(name, module);
    }
  };
  const load = (file: string): void => {
    const filename = join(facts.folder, 'parts', facts.build, `${file}.js`);
    // The build writes ASCII only, which is read fastest so.
    const source = readFileSync(filename, 'latin1');
    const cachedData = cache.read(file);
    const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
    cache.loaded(file, script);
    define(script.runInThisContext() as Readonly<Record<string, Module>>);
  };
  const find = (name: string): Module => {
    const home = facts.homes[name];
    if (!modules.has(name) && home !== undefined) load(home);
    const module = modules.get(name);
    if (module === undefined) throw new Error(`${facts.folder} is not whole: install zmint again`);
    return module;
  };
  const require: Require = (name) => {
    if (!name.startsWith('~')) return facts.require(name);
    const known = ready.get(name);
    if (known !== undefined) return known.exports;
    const run = find(name);
    const module = { exports: {} };
    ready.set(name, module);
    run(module.exports, require, module);
    return module.exports;
  };
  return {
    define,
    require,
    run: (part) => {
      const { files = [], entry = '' } = facts.parts[part] ?? {};
      cache.choose(part);
      for (const file of files) load(file);
      require(entry);
    },
    readPage: (words) => readPage(facts, words),
  };
}

function readPage({ folder, pages }: ProgramFacts, words: string): string | undefined {
  const file = pages[words];
  return file === undefined ? undefined : readFileSync(join(folder, 'pages', file), 'utf8');
}
