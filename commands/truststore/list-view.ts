import { renderMoment, type AnchorRow, type OffsetAt } from '../../src/index.js';
import { renderTable, type Cell, type Surface } from '../cli/table.js';
import { CERTIFICATE_WORDS } from '../ssl/certificate-words.js';

const DATE_LENGTH = 10;
const SHOWN_DIGITS = 12;

/** Roots in a line each, in the order of the bundle. */
export function renderAnchors(
  rows: readonly AnchorRow[],
  surface: Surface,
  offsetAt: OffsetAt,
): string {
  if (rows.length === 0) return 'No root is trusted.\n';
  return renderTable(
    [
      { title: 'Alias', whole: true },
      { title: 'Source', whole: true },
      { title: 'Status', whole: true },
      { title: 'Expires', whole: true },
      { title: 'Members', whole: true },
      { title: 'Subject' },
      { title: 'SHA-256' },
    ],
    rows.map((row) => [
      row.anchor?.alias ?? '(trusted no more)',
      row.anchor?.source ?? '',
      statusCell(row, surface),
      renderMoment(row.certificate.notAfter, offsetAt).slice(0, DATE_LENGTH),
      row.held === null ? `${row.holding} of ${row.members}` : row.held ? 'has it' : 'not yet',
      row.certificate.subject,
      row.certificate.fingerprint.slice(0, SHOWN_DIGITS),
    ]),
    surface,
  );
}

function statusCell({ life }: AnchorRow, { style }: Surface): Cell {
  return { text: CERTIFICATE_WORDS[life], dress: life === 'active' ? style.good : style.bad };
}
