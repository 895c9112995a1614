import { defineCommand } from '../cli/command.js';
import { text } from '../cli/parsers.js';
import { deviceJson } from '../server/list-json.js';
import { SMALL_ZONE } from '../ssl/given.js';
import { renderDevice } from './list-view.js';

/** `zmint device show DEVICE`. */
export const deviceShow = defineCommand({
  name: 'device show',
  summary: 'show what the zone knows about a device',
  description:
    'Shows a device: path, kind, names and addresses, its folder if it has one, and its update status while an operation runs.',
  arguments: {
    device: { kind: 'required', value: 'DEVICE', summary: 'the device', parse: text },
  },
  options: {},
  changes: false,
  statuses: ['no-zone', 'unknown-member', 'ambiguous-member', 'unsafe-path', 'damaged'],
  examples: [
    {
      line: 'zmint device show pc7',
      shows: 'one device',
      given: [...SMALL_ZONE, 'zmint device add pc7 --yes'],
    },
  ],
  async run(session, input) {
    const { showDevice } = await import('../../src/index.js');
    const row = await showDevice(await session.open(), input.device);
    return {
      json: () => deviceJson(row),
      text: () => renderDevice(row, session.terminal, session.offsetAt),
    };
  },
});
