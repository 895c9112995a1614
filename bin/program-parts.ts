import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import { createCodeCache, type CodeCache } from './code-cache.js';
import { hotLine } from './hot-line.js';

type Exports = Record<string, unknown>;
type Require = (name: string) => unknown;
/** A CommonJS module as the build writes it; what it leaves in `module.exports` is what it exports. */
type Module = (exports: Exports, require: Require, module: { exports: Exports }) => void;
type ModuleTable = Readonly<Record<string, Module>>;

/** The files that hold the modules of a part, and the module that starts it. */
interface Part {
  readonly files: readonly string[];
  readonly entry: string;
}

/** What the build tells the entry about the program; the rest stands in the file `start`. */
export interface ProgramFacts {
  /** Where the program is: dist/. */
  readonly folder: string;
  /** Of exactly these files. */
  readonly build: string;
  /** The files of lines that are called all day, by their commands. */
  readonly hot: Readonly<Record<string, string>>;
  /** Node's own, which also finds the packages beside the program. */
  readonly require: Require;
}

/** What the one function of a hot part leaves. */
interface HotPart {
  /** All that are in it, for parts that are loaded later and share them. */
  readonly modules: ModuleTable;
  readonly start: () => void;
}

/** What is needed for all other lines. */
interface ProgramMap {
  /** Which file has a module that a part may load later. */
  readonly homes: Readonly<Record<string, string>>;
  readonly parts: Readonly<Record<string, Part>>;
  /** Help pages and their files. */
  readonly pages: Readonly<Record<string, string>>;
  /** The module that looks at such a line, and those that it needs. */
  readonly entry: string;
  readonly modules: ModuleTable;
}

/** The program on disk, of which only what is needed is read. */
export interface ProgramParts {
  /** Loads what the line needs and starts it. */
  start(argv: readonly string[]): void;
  /** Loads a part and starts it. */
  run(part: string): void;
  /** A page as the build has made it; undefined when there is none. */
  readPage(words: string): string | undefined;
}

/** Functions by name, and what those that ran have left. */
interface Modules {
  readonly define: (more: ModuleTable) => void;
  readonly require: Require;
}

/** Each module exists once in a process, whichever files it is in; `fetch` brings one that is not there. */
function createModules(facts: ProgramFacts, fetch: (name: string) => ModuleTable): Modules {
  const modules = new Map<string, Module>();
  const ready = new Map<string, { exports: Exports }>();
  const define = (more: ModuleTable): void => {
    for (const name in more) {
      const module = more[name];
      if (module !== undefined && !modules.has(name)) modules.set(name, module);
    }
  };
  const find = (name: string): Module => {
    if (!modules.has(name)) define(fetch(name));
    const module = modules.get(name);
    if (module === undefined) throw new Error(`${facts.folder} is not whole: install zmint again`);
    return module;
  };
  // Node looks a module up, and at all that it exports, each time that it is asked for it.
  const outside = new Map<string, unknown>();
  const requireOutside: Require = (name) => {
    const known = outside.get(name);
    if (known !== undefined) return known;
    const exports = name.endsWith('.node') ? requireAddon(facts, name) : facts.require(name);
    outside.set(name, exports);
    return exports;
  };
  const require: Require = (name) => {
    if (!name.startsWith('~')) return requireOutside(name);
    const known = ready.get(name);
    if (known !== undefined) return known.exports;
    const run = find(name);
    const module = { exports: {} };
    ready.set(name, module);
    run(module.exports, require, module);
    return module.exports;
  };
  return { define, require };
}

/** A compiled addon: Node, which looks in many places, is asked only when it is not in the nearest one. */
function requireAddon({ folder, require }: ProgramFacts, name: string): unknown {
  const path = join(folder, '../node_modules', name);
  if (!existsSync(path)) return require(name);
  const module = { exports: {} };
  process.dlopen(module, path);
  return module.exports;
}

/** Runs the text of a file and gives what it evaluates to. */
function createLoader(
  { folder, build }: ProgramFacts,
  cache: CodeCache,
): (file: string) => unknown {
  return (file) => {
    const filename = join(folder, 'parts', build, `${file}.js`);
    // The build writes ASCII only, which is read fastest so.
    const source = readFileSync(filename, 'latin1');
    const cachedData = cache.read(file);
    const script = new Script(source, { filename, ...(cachedData && { cachedData }) });
    cache.loaded(file, script);
    return script.runInThisContext() as unknown;
  };
}

/**
 * The program of the build. Compiled code is kept beside it (`createCodeCache`), which is the greater
 * part of starting a large command.
 */
export function createProgramParts(facts: ProgramFacts): ProgramParts {
  const cache = createCodeCache(facts.folder, facts.build);
  const load = createLoader(facts, cache);
  let known: ProgramMap | undefined;
  const map = (): ProgramMap => (known ??= load('start') as ProgramMap);
  const { define, require } = createModules(facts, (name) => {
    const home = map().homes[name];
    return home === undefined ? {} : (load(home) as ModuleTable);
  });
  const run = (name: string, part: Part | undefined): void => {
    const { files = [], entry = '' } = part ?? {};
    cache.choose(name);
    for (const file of files) define(load(file) as ModuleTable);
    require(entry);
  };
  const runHot = (name: string, file: string): void => {
    cache.choose(name);
    const whole = { exports: {} };
    (load(file) as Module)(whole.exports, require, whole);
    const { modules, start } = whole.exports as HotPart;
    define(modules);
    start();
  };
  const parts: ProgramParts = {
    start: (argv) => {
      const hot = hotLine(argv, Object.keys(facts.hot));
      const file = hot && facts.hot[hot];
      if (hot !== undefined && file !== undefined) {
        runHot(hot, file);
        return;
      }
      define(map().modules);
      (require(map().entry) as Starter).start(parts);
    },
    run: (name) => {
      run(name, map().parts[name]);
    },
    readPage: (words) => {
      const file = map().pages[words];
      return file && readFileSync(join(facts.folder, 'pages', file), 'utf8');
    },
  };
  return parts;
}

/** `bin/zmint.ts`. */
interface Starter {
  readonly start: (parts: ProgramParts) => void;
}
