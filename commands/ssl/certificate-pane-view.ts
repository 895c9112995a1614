import {
  renderDaysLeft,
  renderKeyLength,
  renderMoment,
  type Instant,
  type OffsetAt,
  type ServerCertificate,
  type ServerCertificatePane,
} from '../../src/index.js';
import { labelledLines, type LabelledLines } from '../cli/labelled-lines.js';
import { localMinute } from '../cli/moments.js';
import { LongTable } from '../cli/long-table.js';
import type { Cell, Column, Surface } from '../cli/table.js';
import { digestLines } from '../digest-lines.js';
import { CERTIFICATE_WORDS, isGood } from './certificate-words.js';
import { UPDATE_WORDS } from './state-words.js';

/** Where and when a view is made. */
export interface PaneOptions {
  readonly surface: Surface;
  readonly offsetAt: OffsetAt;
  readonly now: Instant;
}

/** From so many columns on a list has room for every field. */
const WIDE = 120;

interface Field extends Column {
  readonly cell: (row: ServerCertificate, options: PaneOptions) => Cell;
  /** Shown while a remint runs. */
  readonly updating?: boolean;
}

const FIELDS: readonly Field[] = [
  { title: 'Issued to', whole: true, cell: ({ member }) => member.name },
  { title: 'Subject', cell: ({ current }) => current?.subject ?? '' },
  { title: 'Issued by', cell: ({ current }) => current?.issuer ?? '' },
  {
    title: 'Valid from',
    cell: ({ current }, { offsetAt }) => maybeMinute(current?.notBefore, offsetAt),
  },
  {
    title: 'Expires on',
    whole: true,
    cell: ({ current }, { offsetAt }) => maybeMinute(current?.notAfter, offsetAt),
  },
  {
    title: 'Certificate status',
    whole: true,
    cell: (row, { surface }) => statusCell(row, surface),
  },
  {
    title: 'Update status',
    updating: true,
    cell: ({ part }) => (part === null ? '' : UPDATE_WORDS[part.update]),
  },
  {
    title: 'Options',
    updating: true,
    cell: optionWords,
  },
  { title: 'Version', cell: ({ member }) => member.version ?? '' },
  {
    title: 'SHA-256',
    cell: ({ current }) => current?.fingerprint.slice(0, 16) ?? '',
  },
];

/** Whether there is room for `renderCertificates`. */
export function isWide({ width }: Surface): boolean {
  return width >= WIDE;
}

/** Servers in a line each, with every field. */
export async function* renderCertificates(
  batches: AsyncIterable<readonly ServerCertificate[]>,
  options: PaneOptions,
): AsyncGenerator<string, void> {
  const table = new LongTable(FIELDS, options.surface);
  let updating = false;
  for await (const rows of batches) {
    for (const row of rows) {
      updating ||= row.part !== null;
      table.add(FIELDS.map(({ cell }) => cell(row, options)));
    }
  }
  if (table.empty) yield 'No server is like that.\n';
  yield* table.pieces((index) => updating || FIELDS[index]?.updating !== true);
}

/** One certificate of a server with every field of the manuals' pane. */
export function renderCertificatePane(pane: ServerCertificatePane, options: PaneOptions): string {
  const { surface } = options;
  const fields = [
    ...certificateLines(pane, options),
    ...revocationLines(pane, options),
    ...stateLines(pane, surface),
    ...folderLines(pane),
  ];
  return `${labelledLines(fields, surface)}\n${digestLines(pane.digests, surface)}`;
}

function certificateLines(
  { server, certificate }: ServerCertificatePane,
  { offsetAt, now }: PaneOptions,
): readonly LabelledLines[] {
  const { notBefore, notAfter } = certificate;
  return [
    ['Issued to', [server.member.path]],
    ['Subject', [certificate.subject]],
    ['Issued by', [certificate.issuer]],
    ['Names', [[...certificate.dnsNames, ...certificate.ipAddresses].join(', ')]],
    ['Valid from', [renderMoment(notBefore, offsetAt)]],
    ['Expires on', [renderMoment(notAfter, offsetAt), renderDaysLeft(notAfter, now)]],
    ['Key', [renderKeyLength(certificate.key)]],
    ['Serial number', [certificate.serial]],
    ['CA generation', maybe(certificate.issuerGeneration, String)],
  ];
}

function revocationLines(
  { revocation, which, server }: ServerCertificatePane,
  { surface, offsetAt }: PaneOptions,
): readonly LabelledLines[] {
  if (revocation === null) return [];
  const { reason, revokedAt } = revocation;
  const since = { text: renderMoment(revokedAt, offsetAt), dress: surface.style.bad };
  const isLast = which === 'current' && server.future === null;
  const mend = isLast ? [`zmint ssl remint ${server.member.name}`] : [];
  return [['Revoked', [since, `for ${reason}`, ...mend]]];
}

function stateLines(
  { server, which }: ServerCertificatePane,
  surface: Surface,
): readonly LabelledLines[] {
  const { member, part, operation, future, request } = server;
  const options = [
    ...(future === null ? [] : [`future certificate: zmint ssl show ${member.name} --future`]),
    ...(request?.state === 'csr-generated'
      ? [`CSR: ${server.home ?? ''}/remint-repo/server.csr`]
      : []),
  ];
  return [
    ['Certificate status', [statusCell(server, surface)]],
    ['Options', which === 'current' ? options : []],
    ['Update status', maybe(part, ({ update }) => UPDATE_WORDS[update])],
    [
      'Problem',
      maybe(part?.problem ?? null, ({ message }) => ({ text: message, dress: surface.style.bad })),
    ],
    ['Operation', maybe(operation, ({ id, updateName }) => `${id}, ${updateName}`)],
    ['Version', maybe(member.version, (version) => version)],
  ];
}

function folderLines({ server, which }: ServerCertificatePane): readonly LabelledLines[] {
  const { live, waiting, home } = server;
  const set = which === 'current' ? live : waiting;
  if (set === null || home === null) return [];
  return [
    ['Set', [`generation ${set.number}, ${set.state}`]],
    ['Folder', [`${home}/security/generations/${set.number}`]],
    ['Live folder', which === 'current' ? [`${home}/security/live`] : []],
  ];
}

function maybe<T>(value: T | null, line: (value: T) => Cell): readonly Cell[] {
  return value === null ? [] : [line(value)];
}

function maybeMinute(instant: Instant | undefined, offsetAt: OffsetAt): string {
  return instant === undefined ? '' : localMinute(instant, offsetAt);
}

function optionWords({ future, request }: ServerCertificate): string {
  const csr = request?.state === 'csr-generated' ? ['CSR'] : [];
  return [...(future === null ? [] : ['future certificate']), ...csr].join(', ');
}

function statusCell({ status }: ServerCertificate, { style }: Surface): Cell {
  return { text: CERTIFICATE_WORDS[status], dress: isGood(status) ? style.good : style.bad };
}
