import type { DeviceRow, OffsetAt } from '../../src/index.js';
import { labelledLines } from '../cli/labelled-lines.js';
import { LongTable } from '../cli/long-table.js';
import type { Column, Surface } from '../cli/table.js';
import { memberLines, problemLines } from '../server/list-view.js';
import { UPDATE_WORDS } from '../ssl/state-words.js';

/** Devices in a line each. */
export async function* renderDevices(
  batches: AsyncIterable<readonly DeviceRow[]>,
  surface: Surface,
): AsyncGenerator<string, void> {
  const table = new LongTable(COLUMNS, surface);
  for await (const rows of batches) {
    for (const { member, home, part } of rows)
      table.add([
        member.name,
        member.kind,
        member.dnsName ?? '',
        part === null ? '' : UPDATE_WORDS[part.update],
        home ?? '',
      ]);
  }
  if (table.empty) yield 'The zone has no device.\n';
  yield* table.pieces();
}

const COLUMNS: readonly Column[] = [
  { title: 'Device', whole: true },
  { title: 'Kind', whole: true },
  { title: 'DNS name' },
  { title: 'Update status' },
  { title: 'Folder' },
];

/** All that the zone knows of a device. */
export function renderDevice(row: DeviceRow, surface: Surface, offsetAt: OffsetAt): string {
  const { member, home, part } = row;
  return labelledLines(
    [
      ...memberLines(member, '', offsetAt),
      ['Folder', [home ?? 'none: zmint reaches it by the offline kit only']],
      ['Operation', part === null ? [] : [part.operationId]],
      ['Update status', part === null ? [] : [UPDATE_WORDS[part.update]]],
      ['Problem', problemLines(part?.problem?.message, surface)],
    ],
    surface,
  );
}
