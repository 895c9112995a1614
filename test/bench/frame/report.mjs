import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { readable } from './readable.mjs';
import { writeFigures } from './write-figures.mjs';

/**
 * Collects what a bench found and prints it once: tables for people, or with `json` one object for
 * machines; with `write` it also goes into the page on performance. What happens meanwhile goes to
 * standard error. The load is that of the last minute before it began: others at work make figures
 * worse.
 */
export function openReport(bench, { json, write, rounds, sizes, parts }) {
  const load = loadavg()[0].toFixed(1);
  const tables = [];
  const ratios = [];
  const missing = new Set();
  return {
    /** A table: rows as `inTurn` makes them, or others with a name and columns of `readable`. */
    table: (title, rows) => tables.push({ title, rows }),
    /**
     * A figure by wall time, and by CPU time where that says the same; `goal` is text such as "≥
     * 10".
     */
    ratio: (name, value, { cpu, goal } = {}) =>
      ratios.push({
        name,
        value,
        ...(cpu !== undefined && { byCpu: cpu }),
        ...(goal !== undefined && { goal }),
      }),
    missing: (name) => missing.add(name),
    say: (line) => console.error(`bench ${bench}: ${line}`),
    print() {
      const facts = { bench, machine: { ...machine(), load }, rounds, sizes, parts };
      const found = { ...facts, tables, ratios, missing: [...missing] };
      if (json) console.log(JSON.stringify(found));
      else printTables(found);
      if (write) writeFigures(found);
    },
  };
}

function machine() {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    node: process.versions.node,
    openssl: opensslVersion(),
    platform: `${process.platform} ${process.arch}`,
    at: new Date().toISOString(),
  };
}

/** Of the program, which is a peer, and not of what Node was built with. */
function opensslVersion() {
  try {
    const said = execFileSync('openssl', ['version'], { encoding: 'utf8' });
    return said.split(' ').slice(0, 2).join(' ');
  } catch {
    return 'no openssl';
  }
}

function printTables({ machine: facts, tables, ratios, missing }) {
  const said = Object.entries(facts).map(([name, fact]) => `${name} ${fact}`);
  console.log(said.join(', '));
  for (const { title, rows } of [...tables, { title: 'ratios', rows: ratios }]) {
    if (rows.length > 0) console.log(`\n${title}\n${plainTable(readable(rows))}`);
  }
  for (const name of missing) console.log(`not installed: ${name}`);
}

/** Names to the left, figures to the right. */
function plainTable({ head, lines }) {
  const widths = head.map((_, at) => Math.max(...[head, ...lines].map((line) => line[at].length)));
  const pad = (cell, at) => (at === 0 ? cell.padEnd(widths[at]) : cell.padStart(widths[at]));
  return [head, ...lines].map((line) => line.map(pad).join('  ').trimEnd()).join('\n');
}
