import type { Instant, ListedServer } from '../../src/index.js';
import { LongTable } from '../cli/long-table.js';
import { minuteRenderer } from '../cli/moments.js';
import type { Style } from '../cli/style.js';
import type { Cell, Column } from '../cli/table.js';
import { CERTIFICATE_WORDS, isGood } from './certificate-words.js';
import type { PaneOptions } from './certificate-pane-view.js';
import { UPDATE_WORDS } from './state-words.js';

const COLUMNS: readonly Column[] = [
  { title: 'Issued to', whole: true },
  { title: 'Expires on', whole: true },
  { title: 'Certificate status', whole: true },
  { title: 'Update status' },
  { title: 'SHA-256' },
];
const UPDATE = 3;
const FINGERPRINT = 4;

/** Servers in a line each on a narrow terminal: the update status takes the place of the fingerprint. */
export async function* renderServerLines(
  pages: AsyncIterable<readonly ListedServer[]>,
  options: PaneOptions,
): AsyncGenerator<string, void> {
  const { surface, offsetAt } = options;
  const table = new LongTable(COLUMNS, surface);
  const minuteOf = minuteRenderer(offsetAt);
  let updating = false;
  for await (const servers of pages) {
    for (const server of servers) {
      updating ||= server.update !== null;
      table.add(cellsOf(server, surface.style, minuteOf));
    }
  }
  if (table.empty) yield 'No server is like that.\n';
  yield* table.pieces((index) => index !== (updating ? FINGERPRINT : UPDATE));
}

function cellsOf(
  { name, current, status, update }: ListedServer,
  style: Style,
  minuteOf: (instant: Instant) => string,
): readonly Cell[] {
  return [
    name,
    current === null ? '' : minuteOf(current.notAfter),
    { text: CERTIFICATE_WORDS[status], dress: isGood(status) ? style.good : style.bad },
    update === null ? '' : UPDATE_WORDS[update],
    current === null ? '' : current.fingerprint.slice(0, 16),
  ];
}
