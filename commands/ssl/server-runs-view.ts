import type { ServerRun } from '../../src/index.js';
import { LongTable } from '../cli/long-table.js';
import { minuteRenderer } from '../cli/moments.js';
import type { Cell, Column, Surface } from '../cli/table.js';
import { GAP, plainLine } from '../cli/table-line.js';
import type { PaneOptions } from './certificate-pane-view.js';
import { CERTIFICATE_WORDS, isGood } from './certificate-words.js';

const COLUMNS: readonly Column[] = [
  { title: 'Issued to', whole: true },
  { title: 'Expires on', whole: true },
  { title: 'Certificate status', whole: true },
  { title: 'SHA-256' },
];

/** So many characters are one piece. */
const PIECE = 65_536;

/** What stands between the name of a server and the digits of its certificate. */
interface Middle {
  readonly ends: string;
  readonly status: Exclude<Cell, string>;
}

/**
 * Servers at rest in a line each, as `renderServerLines` shows them: where all columns have room,
 * the lines of a run are made in one step.
 */
export async function* renderServerRuns(
  pages: AsyncIterable<readonly ServerRun[]>,
  { surface, offsetAt }: PaneOptions,
): AsyncGenerator<string, void> {
  const minuteOf = minuteRenderer(offsetAt);
  const middleOf = ({ life, status }: ServerRun): Middle => ({
    ends: life === null ? '' : minuteOf(life.notAfter),
    status: {
      text: CERTIFICATE_WORDS[status],
      dress: isGood(status) ? surface.style.good : surface.style.bad,
    },
  });
  const runs: ServerRun[] = [];
  for await (const page of pages) runs.push(...page);
  if (runs.length === 0) yield 'No server is like that.\n';
  else yield* layOut(runs, middleOf, surface);
}

function* layOut(
  runs: readonly ServerRun[],
  middleOf: (run: ServerRun) => Middle,
  surface: Surface,
): Generator<string, void> {
  const widths = COLUMNS.map(({ title }) => title.length);
  const widen = (index: number, width: number): void => {
    widths[index] = Math.max(widths[index] ?? 0, width);
  };
  for (const run of runs) {
    const { ends, status } = middleOf(run);
    [run.width, ends.length, status.text.length, digitsIn(run)].forEach((width, index) => {
      widen(index, width);
    });
  }
  const room = widths.reduce((sum, width) => sum + width + GAP, -GAP);
  if (room > surface.width) {
    yield* asTable(runs, middleOf, surface);
    return;
  }
  const titles = COLUMNS.map(({ title }) => title);
  const strong = COLUMNS.map(() => surface.style.strong);
  let piece = `${plainLine(titles, COLUMNS, widths, strong)}\n`;
  for (const run of runs) {
    piece += run.lines.replaceAll('\t', between(run, middleOf(run), widths));
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield piece;
}

function digitsIn({ lines }: ServerRun): number {
  return lines.indexOf('\n') - lines.indexOf('\t') - 1;
}

function between(run: ServerRun, { ends, status }: Middle, widths: readonly number[]): string {
  const [name = 0, end = 0, words = 0] = widths;
  const space = ' '.repeat(name - run.width + GAP);
  const shown = `${space}${ends.padEnd(end + GAP)}${status.dress(status.text)}`;
  return run.life === null ? shown : shown + ' '.repeat(words - status.text.length + GAP);
}

/** Where some column must be cut. */
function asTable(
  runs: readonly ServerRun[],
  middleOf: (run: ServerRun) => Middle,
  surface: Surface,
): Generator<string, void> {
  const table = new LongTable(COLUMNS, surface);
  for (const run of runs) {
    const { ends, status } = middleOf(run);
    for (const line of run.lines.split('\n').slice(0, -1)) {
      const [name = '', digits = ''] = line.split('\t');
      table.add([name.trimEnd(), ends, status, digits]);
    }
  }
  return table.pieces();
}
