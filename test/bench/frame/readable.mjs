import { rounded } from './statistics.mjs';

/** How each column is called and shown; seconds and bytes get their units. */
const COLUMNS = {
  count: ['done', plain],
  wall: ['wall', duration],
  cpu: ['CPU', duration],
  peak: ['peak memory', (bytes) => `${Math.round(bytes / 1024 / 1024)} MiB`],
  perServer: ['wall each', duration],
  cpuPerServer: ['CPU each', duration],
  perSecond: ['a second', plain],
  perCpuSecond: ['a second of CPU', plain],
  wallRatio: ['against bare Node', plain],
  cpuRatio: ['by CPU', plain],
  value: ['last run', plain],
  byCpu: ['by CPU', plain],
  goal: ['goal', String],
};

/**
 * The rows of a table as text: `head` and `lines` of as many cells. A column that no row has is
 * left out, a cell that a row lacks is empty; the first column is the name.
 */
export function readable(rows) {
  const columns = Object.entries(COLUMNS).filter(([key]) =>
    rows.some((row) => row[key] !== undefined),
  );
  return {
    head: ['', ...columns.map(([, [title]]) => title)],
    lines: rows.map((row) => [
      row.name,
      ...columns.map(([key, [, show]]) => (row[key] === undefined ? '' : show(row[key]))),
    ]),
  };
}

/** The table in Markdown, its columns as wide as Prettier makes them. */
export function markdownTable(rows) {
  const { head, lines } = readable(rows);
  const widths = head.map((_, at) =>
    Math.max(3, ...[head, ...lines].map((line) => line[at].length)),
  );
  const row = (cells) => `| ${cells.map((cell, at) => cell.padEnd(widths[at])).join(' | ')} |`;
  return [row(head), row(widths.map((width) => '-'.repeat(width))), ...lines.map(row)].join('\n');
}

function plain(value) {
  return rounded(value).toLocaleString('en-US', { maximumSignificantDigits: 15 });
}

function duration(seconds) {
  if (seconds < 0.001) return `${rounded(seconds * 1e6)} µs`;
  return seconds < 1 ? `${rounded(seconds * 1000)} ms` : `${rounded(seconds)} s`;
}
