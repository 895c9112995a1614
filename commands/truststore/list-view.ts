import type { AnchorRow, OffsetAt } from '../../src/index.js';
import { localMinute } from '../cli/moments.js';
import { renderTable, type Cell, type Surface } from '../cli/table.js';
import { CERTIFICATE_WORDS } from '../ssl/certificate-words.js';

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
      localMinute(row.certificate.notAfter, offsetAt),
      row.held === null ? `${row.holding} of ${row.members}` : row.held ? 'has it' : 'not yet',
      row.certificate.subject,
      row.certificate.fingerprint.slice(0, 16),
    ]),
    surface,
  );
}

function statusCell({ life }: AnchorRow, { style }: Surface): Cell {
  return { text: CERTIFICATE_WORDS[life], dress: life === 'active' ? style.good : style.bad };
}
