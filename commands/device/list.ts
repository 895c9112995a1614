import { defineCommand } from '../cli/command.js';
import { deviceJson } from '../server/list-json.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { renderDevices } from './list-view.js';

/** `zmint device list`. */
export const deviceList = defineCommand({
  name: 'device list',
  summary: 'list the devices of the zone',
  description:
    'Lists the devices, which only trust, by path; while an operation runs, with their update status.',
  arguments: {},
  options: {},
  changes: false,
  statuses: ['no-zone', 'unsafe-path', 'damaged'],
  examples: [
    {
      line: 'zmint device list',
      shows: 'every device',
      given: [...SMALL_ZONE, 'zmint device add pc7 --yes'],
    },
  ],
  async run(session) {
    const { listDevices } = await import('../../src/index.js');
    const ctx = await session.glance();
    return {
      list: 'devices',
      async *rows() {
        for await (const batch of listDevices(ctx)) yield batch.map(deviceJson);
      },
      pieces: () => renderDevices(listDevices(ctx), session.terminal),
    };
  },
});
