import {
  renderDaysLeft,
  renderKeyLength,
  renderMoment,
  type AuthorityPane,
  type AuthorityRow,
  type Instant,
  type OffsetAt,
} from '../../src/index.js';
import { labelledLines, type LabelledLines } from '../cli/labelled-lines.js';
import { localMinute } from '../cli/moments.js';
import { renderTable, type Cell, type Surface } from '../cli/table.js';
import { digestLines } from '../digest-lines.js';
import { CERTIFICATE_WORDS } from '../ssl/certificate-words.js';

/** Where and when a view is made. */
export interface ViewOptions {
  readonly surface: Surface;
  readonly offsetAt: OffsetAt;
  readonly now: Instant;
}

/** The manuals' CA pane. */
export function renderAuthority(
  pane: AuthorityPane,
  options: ViewOptions,
  more: readonly LabelledLines[] = [],
): string {
  const { authority, certificate, parents, server, custody } = pane;
  const { offsetAt, now, surface } = options;
  const ends = renderDaysLeft(certificate.notAfter, now);
  const fields = labelledLines(
    [
      ['Subject', [certificate.subject]],
      ['Issued by', [certificate.issuer]],
      ['Valid from', [renderMoment(certificate.notBefore, offsetAt)]],
      ['Expires', [renderMoment(certificate.notAfter, offsetAt), ends]],
      ['Key length', [renderKeyLength(certificate.key)]],
      ['Certificate status', [statusCell(pane, surface)]],
      ['Certificate server', server === null ? [] : [server.name]],
      ['Kind', [parents.length === 0 ? authority.kind : `${authority.kind}, subordinate`]],
      ['Under', parents.map(({ subject }) => subject)],
      ['Generation', [`${authority.generation}, ${authority.state}`]],
      ['Serial number', [certificate.serial]],
      ['Key custody', authority.kind === 'internal' ? [CUSTODY[custody]] : []],
      ['Key URI', pane.keyUri === null ? [] : [pane.keyUri]],
      ['Next', nextLines(pane)],
      ...more,
    ],
    surface,
  );
  return `${fields}\n${digestLines(pane.digests, surface)}`;
}

/** Every generation in a line. */
export function renderAuthorities(rows: readonly AuthorityRow[], options: ViewOptions): string {
  const { surface, offsetAt } = options;
  return renderTable(
    [
      { title: 'Generation', align: 'right' },
      { title: 'State', whole: true },
      { title: 'Status', whole: true },
      { title: 'Expires', whole: true },
      { title: 'Subject' },
      { title: 'Server' },
      { title: 'SHA-256' },
    ],
    rows.map((row) => [
      String(row.authority.generation),
      row.authority.state,
      statusCell(row, surface),
      localMinute(row.certificate.notAfter, offsetAt),
      row.certificate.subject,
      row.server?.name ?? '',
      row.certificate.fingerprint.slice(0, 16),
    ]),
    surface,
  );
}

function nextLines({ awaited }: AuthorityPane): readonly string[] {
  if (awaited === null) return [];
  const { generation, subject } = awaited;
  return [`generation ${generation}, ${subject}, waits for its certificate: zmint ssl import FILE`];
}

const CUSTODY: Readonly<Record<AuthorityPane['custody'], string>> = {
  passphrase: 'locked with a passphrase',
  'no-passphrase': 'locked without a passphrase',
  token: 'in a token, which it never leaves',
  external: 'with the external CA',
};

function statusCell({ status }: AuthorityRow, { style }: Surface): Cell {
  return { text: CERTIFICATE_WORDS[status], dress: status === 'active' ? style.good : style.bad };
}
