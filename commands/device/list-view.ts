import type { DeviceRow, OffsetAt } from '../../src/index.js';
import { labelledLines } from '../cli/labelled-lines.js';
import { renderTable, type Surface } from '../cli/table.js';
import { memberLines, problemLines } from '../server/list-view.js';
import { UPDATE_WORDS } from '../ssl/state-words.js';

/** Devices in a line each. */
export function renderDevices(rows: readonly DeviceRow[], surface: Surface): string {
  if (rows.length === 0) return 'The zone has no device.\n';
  return renderTable(
    [
      { title: 'Device', whole: true },
      { title: 'Kind', whole: true },
      { title: 'DNS name' },
      { title: 'Update status' },
      { title: 'Folder' },
    ],
    rows.map(({ member, home, part }) => [
      member.name,
      member.kind,
      member.dnsName ?? '',
      part === null ? '' : UPDATE_WORDS[part.update],
      home ?? '',
    ]),
    surface,
  );
}

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
