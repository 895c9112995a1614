import { resolve } from 'node:path';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const BUILT = fileURLToPath(new URL('../../../dist/zmint.js', import.meta.url));
const COMMON = {
  rounds: ['N', 'rounds that count; one more warms up where that is cheap'],
  sizes: ['N,N', 'how many servers, such as 1000,10000,100000'],
  parts: ['A,B', 'only these parts'],
  json: ['', 'JSON instead of tables'],
  write: ['', 'put the figures into docs/reference/performance.md too'],
  folder: ['DIR', 'where temporary zones lie; on a real disk'],
  zones: ['DIR', 'keep built zones there, and take them from there'],
  program: ['FILE', 'the built program, when it is not dist/zmint.js'],
  help: ['', 'this text'],
};

/**
 * Reads the options behind `npm run bench -- NAME`. `bench` is `{ name, about, rounds, sizes, parts
 * }` with what holds when nothing is said; options that a bench has no default for are refused.
 * Prints the help and returns nothing when it is asked for; throws TypeError for what it does not
 * understand.
 */
export function readOptions(bench, words) {
  const names = Object.keys(COMMON).filter(
    (name) => !['rounds', 'sizes', 'parts'].includes(name) || bench[name] !== undefined,
  );
  const options = Object.fromEntries(
    names.map((name) => [name, { type: COMMON[name][0] === '' ? 'boolean' : 'string' }]),
  );
  const { values } = parseArgs({ args: words, options });
  if (values.help === true) {
    console.log(helpOf(bench, names));
    return undefined;
  }
  return {
    rounds: positive('rounds', values.rounds ?? String(bench.rounds)),
    sizes: list(values.sizes, bench.sizes).map((size) => positive('sizes', String(size))),
    parts: known(list(values.parts, bench.parts), bench.parts),
    json: values.json ?? false,
    write: values.write ?? false,
    folder: resolve(values.folder ?? tmpdir()),
    zones: values.zones === undefined ? undefined : resolve(values.zones),
    program: resolve(values.program ?? BUILT),
  };
}

function list(text, otherwise = []) {
  return text === undefined ? otherwise : text.split(',');
}

function known(chosen, parts = []) {
  const stranger = chosen.find((part) => !parts.includes(part));
  if (stranger === undefined) return chosen;
  throw new TypeError(`there is no part ${stranger}; there are ${parts.join(', ')}`);
}

function positive(name, text) {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new TypeError(`--${name}: ${text} is no positive number`);
}

function helpOf(bench, names) {
  const lines = names.map((name) => {
    const [value, about] = COMMON[name];
    const otherwise = bench[name] === undefined ? '' : ` (${String(bench[name])})`;
    return `  ${`--${name} ${value}`.padEnd(16)}  ${about}${otherwise}`;
  });
  return [`npm run bench -- ${bench.name} [OPTION…]`, '', bench.about, '', ...lines].join('\n');
}
