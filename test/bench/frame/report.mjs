import { execFileSync } from 'node:child_process';
import { availableParallelism, cpus } from 'node:os';
import { rounded } from './statistics.mjs';

/**
 * Collects what a bench found and prints it once: tables for people, or with `json` one object for
 * machines. What happens meanwhile goes to standard error.
 */
export function openReport(bench, { json, rounds, sizes, parts }) {
  const tables = [];
  const ratios = [];
  const missing = new Set();
  return {
    /** A table: rows as `inTurn` makes them, or any flat objects. */
    table: (title, rows) => tables.push({ title, rows }),
    /** A figure by wall time, and by CPU time where that says the same; `goal` is text such as "≥ 10". */
    ratio: (name, value, { cpu, goal = '' } = {}) =>
      ratios.push({
        name,
        value: rounded(value),
        ...(cpu !== undefined && { byCpu: rounded(cpu) }),
        ...(goal !== '' && { goal }),
      }),
    missing: (name) => missing.add(name),
    say: (line) => console.error(`bench ${bench}: ${line}`),
    print() {
      const found = {
        bench,
        machine: machine(),
        rounds,
        sizes,
        parts,
        tables,
        ratios,
        missing: [...missing],
      };
      if (json) console.log(JSON.stringify(found));
      else printTables(found);
    },
  };
}

function machine() {
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model ?? 'unknown',
    node: process.version,
    openssl: firstLine('openssl', ['version']),
    platform: `${process.platform} ${process.arch}`,
    at: new Date().toISOString(),
  };
}

function firstLine(program, args) {
  try {
    return execFileSync(program, args, { encoding: 'utf8' }).split('\n')[0];
  } catch {
    return 'not installed';
  }
}

function printTables({ machine: facts, tables, ratios, missing }) {
  console.log(Object.values(facts).join(', '));
  for (const { title, rows } of tables) {
    console.log(`\n${title}`);
    console.table(Object.fromEntries(rows.map(({ name, ...row }) => [name, readable(row)])));
  }
  if (ratios.length > 0) {
    console.log('\nratios');
    console.table(Object.fromEntries(ratios.map(({ name, ...row }) => [name, row])));
  }
  for (const name of missing) console.log(`not installed: ${name}`);
}

/** Seconds of less than one as milliseconds, bytes as MiB. */
function readable({ wall, cpu, peak, ...row }) {
  const shown = Object.entries(row).map(([name, value]) => [
    name,
    typeof value === 'number' ? rounded(value) : value,
  ]);
  return {
    ...(wall !== undefined && { wall: duration(wall) }),
    ...(cpu !== undefined && { cpu: duration(cpu) }),
    ...(peak !== undefined && { peak: `${Math.round(peak / 1024 / 1024)} MiB` }),
    ...Object.fromEntries(shown),
  };
}

function duration(seconds) {
  return seconds < 1 ? `${rounded(seconds * 1000)} ms` : `${rounded(seconds)} s`;
}
