import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { markdownTable } from './readable.mjs';

const PAGE = fileURLToPath(new URL('../../../docs/reference/performance.md', import.meta.url));

/**
 * Puts what a bench found into docs/reference/performance.md, between the two comments with its
 * name, in place of what stands there. A single part that was run by itself has a place of its own
 * where the page has one (`remint scale`). Throws when the page has no such place.
 */
export function writeFigures(found) {
  const page = readFileSync(PAGE, 'utf8');
  const names = [`${found.bench} ${found.parts}`, found.bench];
  const name = names.find((each) => page.includes(`<!-- ${each} -->`));
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${PAGE} has no place for ${found.bench}`);
  const figures = `${begin}\n\n${figuresOf(found)}\n\n`;
  writeFileSync(PAGE, page.slice(0, from) + figures + page.slice(to));
}

/** Nothing of it names the machine's user or folders. */
function figuresOf({ machine, rounds, tables, ratios, missing }) {
  const day = machine.at.slice(0, 10);
  const where = `${machine.processor}, ${machine.cores} cores, Node ${machine.node}, ${machine.openssl}`;
  return [
    `Run on ${day}: ${where}; load before it ${machine.load}; up to ${rounds} rounds.`,
    ...tables.map(({ title, rows }) => `${capital(title)}:\n\n${markdownTable(rows)}`),
    ...(ratios.length > 0 ? [`Ratios:\n\n${markdownTable(ratios)}`] : []),
    ...(missing.length > 0 ? [`Not installed: ${missing.join(', ')}.`] : []),
  ].join('\n\n');
}

/** A command begins as it is typed. */
function capital(text) {
  if (text.startsWith('zmint ')) return `\`${text}\``;
  return text.charAt(0).toUpperCase() + text.slice(1);
}
