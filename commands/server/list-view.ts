import {
  renderMoment,
  type Member,
  type OffsetAt,
  type ServerPage,
  type ServerRow,
} from '../../src/index.js';
import { labelledLines, type LabelledLines } from '../cli/labelled-lines.js';
import { LongTable } from '../cli/long-table.js';
import type { Cell, Column, Surface } from '../cli/table.js';
import { CERTIFICATE_WORDS, isGood } from '../ssl/certificate-words.js';
import { UPDATE_WORDS } from '../ssl/state-words.js';

/** Servers in a line each. */
export async function* renderServers(
  batches: AsyncIterable<readonly ServerRow[]>,
  surface: Surface,
): AsyncGenerator<string, void> {
  const table = new LongTable(COLUMNS, surface);
  for await (const rows of batches) {
    for (const row of rows) table.add(serverCells(row, surface));
  }
  if (table.empty) yield 'The zone has no server.\n';
  yield* table.pieces();
}

const COLUMNS: readonly Column[] = [
  { title: 'Server', whole: true },
  { title: 'DNS name' },
  { title: 'Kind', whole: true },
  { title: 'Roles' },
  { title: 'Certificate', whole: true },
  { title: 'Probe' },
  { title: 'Version' },
];

function serverCells(row: ServerRow, surface: Surface): readonly Cell[] {
  const { member } = row;
  return [
    member.name,
    member.dnsName ?? '',
    member.kind,
    rolesOf(row),
    certificateCell(row, surface),
    member.probe ?? '',
    member.version ?? '',
  ];
}

/** All that the zone knows of a server. */
export function renderServer(row: ServerPage, surface: Surface, offsetAt: OffsetAt): string {
  const { member, part, operation, live, home } = row;
  return labelledLines(
    [
      ...memberLines(member, rolesOf(row), offsetAt),
      ['Certificate', [certificateCell(row, surface)]],
      ['Live set', live === null ? [] : [`generation ${live.number}`]],
      ['Folder', home === null ? [] : [home]],
      ['Live folder', home === null ? [] : [`${home}/security/live`]],
      ['Keystore', keystoreLines(row)],
      ['Reload command', [member.reload ?? 'none: zmint does not reload it']],
      ['Probe address', [member.probe ?? 'none: activation is proved by files only']],
      ['Operation', operation === null ? [] : [`${operation.id}, ${operation.updateName}`]],
      ['Update status', part === null ? [] : [UPDATE_WORDS[part.update]]],
      ['Problem', problemLines(part?.problem?.message, surface)],
    ],
    surface,
  );
}

function keystoreLines({ keystore }: ServerPage): readonly Cell[] {
  if (keystore === null) return [];
  const name = keystore.format === 'jks' ? 'server.jks (JKS' : 'server.p12 (PKCS#12';
  return [`${name}, entry "${keystore.alias}")`];
}

/** What servers and devices have in common. */
export function memberLines(
  member: Member,
  roles: string,
  offsetAt: OffsetAt,
): readonly LabelledLines[] {
  return [
    ['Name', [member.name]],
    ['Path', [member.path]],
    ['Kind', [member.kind]],
    ['Roles', roles === '' ? [] : [roles]],
    ['DNS name', member.dnsName === null ? [] : [member.dnsName]],
    ['Additional names', joined(member.additionalDnsNames)],
    ['IP addresses', joined(member.ipAddresses)],
    ['Version', member.version === null ? [] : [member.version]],
    ['Added', [renderMoment(member.addedAt, offsetAt)]],
  ];
}

/** A member's problem, if it has one. */
export function problemLines(message: string | undefined, { style }: Surface): readonly Cell[] {
  return message === undefined ? [] : [{ text: message, dress: style.bad }];
}

function joined(words: readonly string[]): readonly Cell[] {
  return words.length === 0 ? [] : [words.join(', ')];
}

function rolesOf({ member, holdsCa }: ServerRow): string {
  return [...(holdsCa ? ['ca'] : []), ...member.roles].join(', ');
}

function certificateCell({ status }: ServerRow, { style }: Surface): Cell {
  return { text: CERTIFICATE_WORDS[status], dress: isGood(status) ? style.good : style.bad };
}
