import { ZmintError } from '../src/errors.js';
import { healthJson, PLUGIN_STATUSES, renderHealth, renderUnknown } from './check-view.js';
import { defineCommand, type Outcome } from './cli/command.js';
import { wholeNumber } from './cli/parsers.js';
import { SMALL_ZONE } from './ssl/given.js';

const DEFAULT_WARN = 90;
const DEFAULT_CRIT = 5;

/** `zmint check`: the zone's health as a monitoring plugin answers. */
export const check = defineCommand({
  name: 'check',
  summary: "answer like a monitoring plugin: the zone's health",
  description:
    'Prints one line, OK, WARNING, CRITICAL or UNKNOWN with the reasons and figures, and ends with 0, 1, 2 or 3, as monitoring systems and cron expect. It judges how many days the CA and each current server certificate have left, and operations: failed members, an instant that has passed while members are missing or nobody runs "zmint ssl resume", a command that was cut short.\nIt reads the database alone.',
  arguments: {},
  options: {
    warn: {
      kind: 'value',
      flag: '--warn',
      value: 'DAYS',
      summary: 'WARNING with so many days left, or fewer; 90',
      parse: wholeNumber(0, 3660),
    },
    crit: {
      kind: 'value',
      flag: '--crit',
      value: 'DAYS',
      summary: 'CRITICAL with so many days left, or fewer; 5',
      parse: wholeNumber(0, 3660),
    },
  },
  changes: false,
  statuses: [],
  ownStatuses: [
    { status: PLUGIN_STATUSES.ok, meaning: 'OK' },
    { status: PLUGIN_STATUSES.warning, meaning: 'WARNING' },
    { status: PLUGIN_STATUSES.critical, meaning: 'CRITICAL' },
    { status: PLUGIN_STATUSES.unknown, meaning: 'UNKNOWN: no zone, or one that cannot be read' },
  ],
  examples: [
    {
      line: 'zmint check --warn 30 --crit 5',
      shows: 'for a monitoring system',
      output: 'OK - …',
      given: SMALL_ZONE,
    },
    { line: 'zmint check --json', shows: 'the same with every finding', given: SMALL_ZONE },
  ],
  expiryWarning: 'never',
  async run(session, input): Promise<Outcome> {
    const limits = { warn: input.warn ?? DEFAULT_WARN, crit: input.crit ?? DEFAULT_CRIT };
    if (limits.crit > limits.warn) {
      throw new ZmintError('usage', `--crit ${limits.crit} is above --warn ${limits.warn}`, {
        hint: 'WARNING comes first: give it the larger number of days',
      });
    }
    const { checkHealth } = await import('../src/index.js');
    try {
      const health = await checkHealth(await session.glance(), limits, session.now);
      return {
        json: () => healthJson(health),
        text: () => renderHealth(health),
        status: PLUGIN_STATUSES[health.state],
      };
    } catch (error) {
      if (!(error instanceof ZmintError) || error.code === 'bug') throw error;
      const { code, message } = error;
      return {
        json: { state: 'unknown', code, message },
        text: renderUnknown(message),
        status: PLUGIN_STATUSES.unknown,
      };
    }
  },
});
